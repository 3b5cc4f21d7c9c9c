import { looksRandom } from "./random-text.ts";
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
 * Credentials that are recognised by their own form, wherever they stand, and do not begin with a fixed prefix as
 * those of vendor-forms.ts do. The forms are those of the gitleaks rule of the same name (MIT,
 * https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml), with looser lengths.
 */
export const TOKEN_RULES: readonly RedactionRule[] = [
  {
    // https://github.com/secretlint/secretlint: secretlint-rule-aws, 40 characters near the word "aws"
    name: "aws-secret-key",
    hints: ["aws"],
    pattern: /(?<=aws[^\r\n]{0,30}?[^A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
    accept: (match) => hasDigit(match) && /[A-Z]/.test(match) && /[a-z]/.test(match),
  },
  {
    name: "slack-webhook",
    hints: ["hooks.slack.com/"],
    pattern: /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9+/_-]{20,200}/g,
  },
  {
    name: "jwt",
    hints: ["ey"],
    pattern: /(?<![\w-])(?:eyJ[\w-]{8,}\.[\w-]{4,}|ey[\w-]{16,}\.ey[\w-]{16,})(?:\.[\w-]*){0,3}/g,
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
    name: "terraform-token",
    hints: [".atlasv1."],
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{50,80}/g,
  },
  {
    name: "azure-secret",
    hints: ["q~"],
    pattern: /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,36}/g,
  },
  {
    // A 512-bit key in base 64 (Azure storage, Cosmos, Event Hubs); `sha512-` before it is a package's integrity.
    name: "azure-secret",
    hints: ["=="],
    pattern: /(?<![\w+/-])[A-Za-z0-9+/]{86}==(?![\w+/=])/g,
  },
  {
    name: "azure-secret",
    hints: ["azdo"],
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g,
  },
  { name: "newrelic-key", hints: ["nral"], pattern: /(?<![A-Za-z0-9])[a-fA-F0-9]{36}NRAL(?![A-Za-z0-9])/g },
  {
    name: "mailchimp-key",
    hints: ["-us"],
    pattern: /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g,
  },
  {
    name: "mailgun-key",
    hints: ["-"],
    pattern: /(?<![A-Za-z0-9-])[0-9a-h]{32}-[0-9a-h]{8}-[0-9a-h]{8}(?![A-Za-z0-9-])/g,
  },
  {
    name: "maxmind-key",
    hints: ["_mmk"],
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk/g,
  },
  {
    name: "rapidapi-key",
    hints: ["jsn"],
    pattern: /(?<![A-Za-z0-9])[0-9a-f]{10}msh[0-9a-f]{15}p1[0-9a-f]{6}jsn[0-9a-f]{12}/g,
  },
  {
    name: "salesforce-token",
    hints: ["00d"],
    pattern: /(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}![\w.]{80,130}/g,
  },
  {
    name: "facebook-token",
    hints: ["|"],
    pattern: /(?<!\d)\d{15,16}\|[\w-]{27,40}(?![\w-])/g,
    accept: (match) => looksRandom(match.slice(match.indexOf("|"))),
  },
  {
    name: "telegram-token",
    hints: [":a"],
    pattern: /(?<!\d)\d{5,16}:A[\w-]{34}(?![\w-])/g,
  },
  {
    name: "discord-token",
    hints: ["."],
    pattern: /(?<![\w-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/g,
    accept: (match) => looksRandom(match),
  },
  {
    name: "webhook-url",
    hints: ["/api/webhooks/", "webhook.office.com/", "/webhookb2/"],
    pattern:
      /(?<=discord(?:app)?\.com\/api\/webhooks\/\d{5,25}\/)[\w-]{40,100}|(?<=webhook\.office\.com\/webhookb2\/)[\w@/-]{60,300}/g,
  },
  {
    // crypt(3): https://manpages.debian.org/crypt(5)
    name: "password-hash",
    hints: ["$"],
    pattern: /\$(?:2[abxy]|1|5|6|y|7|apr1|argon2(?:id|i|d)|pbkdf2[\w-]{0,12}|scrypt)\$[\w./$,=+-]{16,300}/g,
  },
  {
    // One line of a PEM body: keys printed a line at a time lose their BEGIN and END (RFC 7468: 64 a line).
    name: "key-material",
    hints: [],
    pattern: /^[A-Za-z0-9+/]{60,76}={0,2}$/gm,
    accept: (match) => /[g-z]/.test(match) && /[A-Z]/.test(match) && hasDigit(match),
  },
];
