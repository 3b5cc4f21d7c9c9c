import type { RedactionRule } from "./rule.ts";

const hasDigit = (match: string): boolean => /\d/.test(match);

/** Whether the part after `Basic ` decodes to `user:password`. */
function isBasicCredential(match: string): boolean {
  try {
    return atob(match.slice(match.lastIndexOf(" ") + 1)).includes(":");
  } catch {
    return false;
  }
}

/**
 * Credentials that are recognised by their own form, wherever they stand. The forms are those of the gitleaks
 * rule of the same name (MIT, https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml), with
 * looser lengths: a wrongly redacted word costs less here than a leaked key.
 */
export const TOKEN_RULES: readonly RedactionRule[] = [
  {
    name: "aws-access-key",
    hints: ["akia", "asia", "abia", "acca", "a3t"],
    pattern: /(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  {
    // https://github.com/secretlint/secretlint: secretlint-rule-aws, 40 characters near the word "aws"
    name: "aws-secret-key",
    hints: ["aws"],
    pattern: /(?<=aws[^\r\n]{0,30}?[^A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
    accept: (match) => hasDigit(match) && /[A-Z]/.test(match) && /[a-z]/.test(match),
  },
  {
    name: "github-token",
    hints: ["gh", "github_pat_"],
    pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{22,255})/g,
  },
  {
    name: "gitlab-token",
    hints: ["glpat-", "gldt-", "glrt-"],
    pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt)-[\w.-]{20,300}/g,
  },
  {
    name: "slack-token",
    hints: ["xox", "xapp-"],
    pattern: /(?<![A-Za-z0-9])(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{10,300}/g,
  },
  {
    name: "slack-webhook",
    hints: ["hooks.slack.com/"],
    pattern: /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9+/_-]{20,200}/g,
  },
  {
    name: "stripe-key",
    hints: ["_live_", "_test_", "_prod_", "whsec_"],
    pattern: /(?<![A-Za-z0-9])(?:(?:sk|rk|pk)_(?:live|test|prod)|whsec)_[A-Za-z0-9]{10,255}/g,
  },
  {
    // OpenRouter's form (sk-or-v1- and 64 hex digits): https://openrouter.ai/docs/api-keys
    name: "openrouter-key",
    hints: ["sk-or-"],
    pattern: /(?<![A-Za-z0-9])sk-or-[\w-]{20,200}/g,
  },
  {
    name: "anthropic-key",
    hints: ["sk-ant-"],
    pattern: /(?<![A-Za-z0-9])sk-ant-[\w-]{20,200}/g,
  },
  {
    name: "openai-key",
    hints: ["sk-"],
    pattern: /(?<![A-Za-z0-9])sk-(?:proj-|svcacct-|admin-)?[\w-]{20,255}/g,
    accept: hasDigit,
  },
  {
    name: "google-key",
    hints: ["aiza", "ya29.", "gocspx-"],
    pattern: /(?<![A-Za-z0-9])(?:AIza[\w-]{35}|ya29\.[\w-]{20,500}|GOCSPX-[\w-]{20,100})/g,
  },
  { name: "npm-token", hints: ["npm_"], pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g },
  { name: "pypi-token", hints: ["pypi-"], pattern: /(?<![A-Za-z0-9])pypi-[\w-]{50,1000}/g },
  { name: "sendgrid-key", hints: ["sg."], pattern: /(?<![A-Za-z0-9])SG\.[\w-]{16,32}\.[\w-]{32,64}/g },
  { name: "twilio-key", hints: ["sk", "ac"], pattern: /(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}(?![0-9a-z])/g },
  { name: "digitalocean-token", hints: ["_v1_"], pattern: /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{64}/g },
  {
    name: "vault-token",
    hints: ["hvs.", "hvb.", "hvr."],
    pattern: /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{24,300}/g,
  },
  { name: "huggingface-token", hints: ["hf_"], pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,40}/g },
  { name: "shopify-token", hints: ["shp"], pattern: /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g },
  { name: "newrelic-key", hints: ["nrak-"], pattern: /(?<![A-Za-z0-9])NRAK-[A-Za-z0-9]{20,40}/g },
  {
    name: "jwt",
    hints: ["eyj"],
    pattern: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}/g,
  },
  {
    name: "bearer-token",
    hints: ["bearer "],
    pattern: /(?<=(?<![A-Za-z])bearer {1,3})(?!\[redacted:)[\w.~+/=-]{12,}/gi,
    accept: hasDigit,
  },
  {
    name: "basic-credential",
    hints: ["basic "],
    pattern: /(?<![A-Za-z])basic {1,3}[A-Za-z0-9+/]{6,2000}={0,2}/gi,
    accept: isBasicCredential,
  },
  {
    // One line of a PEM body: keys printed a line at a time lose their BEGIN and END (RFC 7468: 64 a line).
    name: "key-material",
    hints: [],
    pattern: /^[A-Za-z0-9+/]{60,76}={0,2}$/gm,
    accept: (match) => /[g-z]/.test(match) && /[A-Z]/.test(match) && hasDigit(match),
  },
];
