import { isRedactionToken, redactionToken } from "./rule.ts";

type Replacement = readonly [pattern: RegExp, replace: (match: string, ...groups: string[]) => string];

const keepUnlessDone = (prefix: string, value: string, name: string): string =>
  prefix + (isRedactionToken(value) ? value : redactionToken(name));

/** Credentials that are recognised by position: HTTP headers, URLs, XML elements. */
const REPLACEMENTS: readonly Replacement[] = [
  [
    // RFC 3986 section 3.2.1 user information; up to the last `@` that a host follows.
    /([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s:@/"'<>]{0,256}):([^\s"'<>]{1,256})@(?=[\w[])/gi,
    (match, scheme = "", _user, password = "") =>
      /^(?:\d{1,5}(?:\/|$)|[*x]+$)/.test(password) ? match : `${scheme}${redactionToken("url-credentials")}@`,
  ],
  [
    /([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s:@/"'<>[\]]{8,256})@(?=[\w[])/gi,
    (_match, scheme = "") => `${scheme}${redactionToken("url-credentials")}@`,
  ],
  [
    // RFC 9110 section 11.6.2
    /((?:authorization|x-api-key|x-auth-token|x-amz-security-token|x-amz-credential|x-amz-signature)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)((?:(?:basic|bearer|digest|token|apikey|negotiate|aws4-hmac-sha256)\s{1,3})?[^\s"',;&\\]{1,8192})/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "authorization"),
  ],
  [
    // RFC 6265 sections 4.1.1 and 4.2.1
    /((?:set-)?cookie\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)([^\s=;"',\\]{1,128}=[^\r\n"'\\]*)/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "cookie"),
  ],
  [
    // Signed links: AWS query authentication, Azure SAS, OAuth codes.
    /([?&](?:sig|signature|key|code|sid|access_token|id_token|client_secret)=)([^\s&"'<>#]{1,4096})/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "query-secret"),
  ],
  [
    /(<(?:[\w.-]{1,20}:)?[\w.-]{0,20}(?:password|passwd|secret|token|apikey)>)([^<\r\n]{1,1024})(?=<\/)/gi,
    (_match, prefix = "", value = "") => keepUnlessDone(prefix, value, "secret"),
  ],
];

/** Replaces credentials in URLs, HTTP headers, signed links and XML elements. */
export function redactPlaced(text: string): string {
  let out = text;
  for (const [pattern, replace] of REPLACEMENTS) out = out.replace(pattern, replace);
  return out;
}
