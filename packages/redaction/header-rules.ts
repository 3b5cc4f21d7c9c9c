import { looksSecret } from "./random-text.ts";
import { isRedactionToken, redactionToken } from "./rule.ts";

/** A text in which `hint` finds nothing cannot match, which saves the search. */
type Replacement = readonly [
  hint: RegExp,
  pattern: RegExp,
  replace: (match: string, ...groups: string[]) => string,
];

const keepUnlessDone = (prefix: string, value: string, name: string): string =>
  prefix + (isRedactionToken(value) ? value : redactionToken(name));

/** Credentials that are recognised by position: HTTP headers, URLs, XML elements. */
const REPLACEMENTS: readonly Replacement[] = [
  [
    // RFC 3986 section 3.2.1 user information; up to the last `@` that a host follows.
    /:\/\/\S{0,520}@/,
    /([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s:@/"'<>]{0,256}):([^\s"'<>]{1,256})@(?=[\w[])/gi,
    (match, scheme = "", _user, password = "") =>
      /^(?:\d{1,5}(?:\/|$)|[*x]+$)/.test(password) ? match : `${scheme}${redactionToken("url-credentials")}@`,
  ],
  [
    /:\/\/\S{0,520}@/,
    /([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s:@/"'<>[\]]{8,256})@(?=[\w[])/gi,
    (match, scheme = "", user = "") =>
      looksSecret(user) ? `${scheme}${redactionToken("url-credentials")}@` : match,
  ],
  [
    // Go's and Oracle's: user:password@tcp(host), user/password@//host
    /@(?:tcp|udp|unix|\/\/)/i,
    /(?<![\w.@/-])([\w.$-]{1,64}[:/])([^\s:@"'<>/]{1,256})(?=@(?:(?:tcp|udp|unix)\(|\/\/[\w.-]))/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "password"),
  ],
  [
    // user:password@host without a scheme
    /:[^\s@]{6,256}@/,
    /(?<![\w.@/:-])([\w.-]{1,64}:)([^\s:@"'<>()[\]{}/,]{6,256})(?=@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}(?:[:/\s"']|$))/g,
    (match, prefix = "", value = "") =>
      looksSecret(value) ? keepUnlessDone(prefix, value, "password") : match,
  ],
  [
    // .pgpass: https://www.postgresql.org/docs/current/libpq-pgpass.html
    /:(?:\d{4,5}|\*):[\w*-]{1,64}:/,
    /(?<![\w.:/-])((?:[\w.-]{1,120}|\*):(?:\d{4,5}|\*):(?:[\w-]{1,64}|\*):[\w.-]{1,64}:)([^\s:"'<>]{6,256})(?=\s|["']|$)/g,
    (match, prefix = "", value = "") =>
      looksSecret(value) ? keepUnlessDone(prefix, value, "password") : match,
  ],
  [
    // RFC 6265 sections 4.1.1 and 4.2.1
    /cookie/i,
    /((?:set-)?cookie\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)([^\s=;"',\\]{1,128}=[^\s;"'\\]{0,4096}(?:;[ \t]{0,2}(?:expires=[^;"'\r\n]{0,40}|HttpOnly|Secure|Partitioned|[^\s=;"',\\]{1,128}=[^\s;"'\\]{0,4096}))*)/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "cookie"),
  ],
  [
    // Signed links: AWS query authentication, Azure SAS, OAuth codes.
    /[?&][a-z_]{3,20}=/i,
    /([?&](?:sig|signature|key|code|sid|access_token|id_token|client_secret)=)([^\s&"'<>#]{1,4096})/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "query-secret"),
  ],
  [
    /<\//,
    /(<(?:[\w.-]{1,20}:)?[\w.-]{0,40}?(?:password|passwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential)(?:[ \t][^<>\r\n]{0,200})?>\s{0,40})([^<>\s][^<>\r\n]{0,1023}?)(?=\s{0,40}<\/)/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "secret"),
  ],
];

/** Replaces credentials in URLs, HTTP headers, signed links and XML elements. */
export function redactPlaced(text: string): string {
  let out = text;
  for (const [hint, pattern, replace] of REPLACEMENTS) {
    if (hint.test(out)) out = out.replace(pattern, replace);
  }
  return out;
}
