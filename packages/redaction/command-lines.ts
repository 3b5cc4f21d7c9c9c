import { looksSecret } from "./random-text.ts";
import { redactionToken } from "./rule.ts";

/** Blanks, or the comma and quotes between the arguments of a list. */
const GAP = "(?:[ \\t]{1,4}|[\"'],[ \\t]{0,2}[\"'])";
const ARGUMENT = "[\"']?([^\\s\"']{1,512})";
/** Up to so many characters of other arguments. */
const OTHERS = "[^\\n|;&]{0,160}?";

const command = (names: string, flag: string): RegExp =>
  new RegExp(`(\\b(?:${names})\\b${OTHERS}(?:[ \\t]|["'])${flag}["']?)${ARGUMENT}`, "g");

/** Commands and their options for a password. Source: each command's manual page. */
const COMMANDS: readonly (readonly [hint: RegExp, pattern: RegExp])[] = [
  [/mysql|mariadb/, command("mysql\\w*|mariadb[\\w-]*", "-p(?!ort|rotocol)")],
  [/sshpass/, command("sshpass", `-p${GAP}?`)],
  [/redis|keydb|valkey/, command("redis-cli|keydb-cli|valkey-cli", `-a${GAP}`)],
  [
    /login|mongo|cqlsh|twine|influx|htpasswd|clickhouse/,
    command(
      "(?:docker|podman|helm|oras|skopeo|crane|az|oc|argocd|nerdctl|buildah)[\\w -]{0,40} login|mongo\\w*|cqlsh|twine|influx|clickhouse-client",
      `-p${GAP}`,
    ),
  ],
  [/sqlcmd|bcp|zip/, command("sqlcmd|bcp|zip|unzip", `-P${GAP}`)],
  [/ldap/, command("ldap\\w+", `-w${GAP}`)],
  [/7z/, command("7za?|7zr", "-p")],
  [/openssl|pass:/, /((?:^|[ \t"'])(?:-pass(?:in|out|word)?["']?[ \t,"']{1,4})?pass:)([^\s"']{1,512})/g],
  [
    /smb|net use/,
    /(\b(?:smbclient|rpcclient|net use)\b[^\n]{0,160}?[ \t]-U[ \t]{0,3}["']?[\w.\\@-]{1,64}%)([^\s"']{1,512})/g,
  ],
  [
    /sqlplus|expdp|impdp|sqlldr|oracle/,
    /((?:\b(?:sqlplus|expdp|impdp|sqlldr)\b[^\n]{0,80}?[ \t]["']?|jdbc:oracle:\w{1,10}:)[\w$]{1,60}\/)([^\s@"']{1,256})(?=@|["'\s]|$)/g,
  ],
  [
    /rabbitmqctl/,
    /(\brabbitmqctl\b[^\n]{0,60}?(?:add_user|change_password|authenticate_user)[ \t]{1,4}\S{1,100}[ \t]{1,4}["']?)([^\s"']{1,512})/g,
  ],
  [
    /htpasswd/,
    /(\bhtpasswd\b[^\n]{0,40}?-\w{0,5}b\w{0,5}[ \t]{1,4}\S{1,200}[ \t]{1,4}\S{1,100}[ \t]{1,4}["']?)([^\s"']{1,512})/g,
  ],
  [
    /aws_secret|aws_session/,
    /(\bconfigure[ \t]{1,3}set[ \t]{1,3}(?:[\w.-]{1,60}\.)?(?:aws_secret_access_key|aws_session_token)[ \t]{1,3}["']?)([^\s"']{1,2048})/g,
  ],
  [/net user/, /(\bnet[ \t]{1,3}user[ \t]{1,3}\S{1,60}[ \t]{1,3})([^\s/"']{1,256})/g],
  [/vault login|snyk auth/, /(\b(?:vault[ \t]login|snyk[ \t]auth)[ \t]{1,3}(?!-)["']?)([\w.-]{8,512})/g],
  [
    /passw|storepass|keypass|passphrase/,
    new RegExp(
      `((?:^|[ \\t"'])-{1,2}(?:storepass|keypass|passwd|password|passphrase|pass)(?:=|${GAP})["']?)(?!-)${ARGUMENT}`,
      "g",
    ),
  ],
];

/** A text without any of these, in lower case, holds none of the commands. */
const ANY = new RegExp(COMMANDS.map(([hint]) => hint.source).join("|"));

/** Commands whose `-u a:b` is a user with a password whatever it looks like; `git push -u origin:main` is none. */
const CLIENT = /\b(?:curl|wget|https?|httpie|xh)\b/;

/** `-u user:password` of curl, wget, httpie and others, also as an argument list. */
const USER = new RegExp(
  `((?:^|[ \\t"'])(?:-u|-U|-a|--user|--proxy-user|--auth|--basic-auth|--creds|--userpwd)(?:=|${GAP}|(?<=-u))["']?)([^\\s:"'=/]{0,64}):([^\\s"']{2,512})`,
  "g",
);

/** Replaces passwords among the arguments of commands, in one string or as a list. */
export function redactCommandLines(text: string, lower: string): string {
  const out = ANY.test(lower) ? redactCommands(text, lower) : text;
  if (!/[\s"']-(?:-|[uUa])|^-/.test(out)) return out;
  return out.replace(USER, (match, before: string, user: string, value: string) =>
    isNoSecret(value) || value === user || !(looksSecret(value) || CLIENT.test(lower))
      ? match
      : `${before}${user}:${redactionToken("password")}`,
  );
}

function redactCommands(text: string, lower: string): string {
  let out = text;
  for (const [hint, pattern] of COMMANDS) {
    if (!hint.test(lower)) continue;
    out = out.replace(pattern, (match, before: string, value: string) =>
      isNoSecret(value) ? match : before + redactionToken("password"),
    );
  }
  return out;
}

function isNoSecret(value: string): boolean {
  return value.startsWith("[redacted:") || value.startsWith("-") || /^(?:\$\{?[A-Z]\w*\}?|\*+)$/.test(value);
}
