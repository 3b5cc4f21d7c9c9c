import { looksSecret } from "./random-text.ts";
import { isRedactionToken, redactionToken } from "./rule.ts";
import { isWeakSecretName, secretKindOf } from "./secret-names.ts";
import { valueSpan } from "./value-span.ts";

/** `{"name":"DB_PASSWORD","value":"x"}`, `- name: DB_PASSWORD\n  value: x`, `<add key="password" value="x"/>` */
const NAMED =
  /(?:\\{0,4}["'])?\b(?:name|key|field|param(?:eter)?|header|variable|property)\\{0,4}["']?\s{0,3}[:=]\s{0,3}\\{0,4}["']?([\w.-]{2,80})\\{0,4}["']?\s{0,2}[,;>/]?\s{0,12}(?:\\{0,4}["']?(?:value|val|content|default)\\{0,4}["']?\s{0,3}[:=]\s{0,3}|(?<=>)|(?<=\n\s{0,4}\r?\n))/gi;
/** The other order: `{"value":"x","name":"DB_PASSWORD"}` */
const VALUED =
  /(\\{0,4}["'](?:value|Value)\\{0,4}["']\s{0,3}:\s{0,3}\\{0,4}["'])([^"'\\\r\n]{1,4096})(\\{0,4}["']\s{0,3},\s{0,3}\\{0,4}["'](?:name|key|Name|Key)\\{0,4}["']\s{0,3}:\s{0,3}\\{0,4}["'])([\w.-]{2,80})/g;

/** Dockerfile and csh: `ENV DB_PASSWORD x` */
const ENV = /((?:^|[\s"'])(?:ENV|ARG|setenv)[ \t]{1,4}([A-Za-z]\w{1,80})[ \t]{1,4}["']?)([^\s"'=]{1,4096})/g;

/** Returns the kind of secret that a value is whose name stands in a field beside it, or undefined. */
export function namedSecretKind(name: string, value: string): string | undefined {
  if (value === "" || isRedactionToken(value) || /^(?:true|false|null|\d{1,5})$/.test(value))
    return undefined;
  const kind = secretKindOf(name);
  if (kind !== undefined) return kind;
  return isWeakSecretName(name) && looksSecret(value) ? "secret" : undefined;
}

function redactEnv(match: string, before: string, name: string, value: string): string {
  const kind = namedSecretKind(name, value);
  return kind === undefined ? match : before + redactionToken(kind);
}

/** Replaces values whose names stand in a field beside them. */
export function redactNamedValues(given: string, lower: string): string {
  const text = /env |arg /.test(lower) ? given.replace(ENV, redactEnv) : given;
  if (!/name|key|field|param|header|variable|property/.test(lower)) return text;
  let out = "";
  let done = 0;
  for (const match of text.matchAll(NAMED)) {
    const begin = match.index + match[0].length;
    if (begin < done) continue;
    const [from, to] = valueSpan(text, begin);
    const kind = namedSecretKind(match[1] ?? "", text.slice(from, to));
    if (kind === undefined) continue;
    out += text.slice(done, from) + redactionToken(kind);
    done = to;
  }
  const first = done === 0 ? text : out + text.slice(done);
  return first.replace(VALUED, (match, before: string, value: string, between: string, name: string) => {
    const kind = namedSecretKind(name, value);
    return kind === undefined ? match : before + redactionToken(kind) + between + name;
  });
}
