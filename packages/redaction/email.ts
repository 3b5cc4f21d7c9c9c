import { redactionToken } from "./rule.ts";

const LOCAL = /[\p{L}\p{N}._%+'-]/u;
const DOMAIN = /[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}\.\p{L}{2,24}/uy;
const FILE_ENDING = /\.(?:png|jpe?g|gif|svg|webp|js|ts|css|html?|json)$/i;
const LONGEST_LOCAL = 64;

/** Replaces e-mail addresses. Searches from `@` to `@`, which is linear in the text's length. */
export function redactEmails(text: string): string {
  let at = text.indexOf("@");
  if (at === -1) return text;
  let out = "";
  let done = 0;
  for (; at !== -1; at = text.indexOf("@", Math.max(at + 1, done))) {
    let start = at;
    while (start > done && at - start < LONGEST_LOCAL && LOCAL.test(text.charAt(start - 1))) start--;
    while (start < at && /['.]/.test(text.charAt(start))) start++;
    if (start === at) continue;
    DOMAIN.lastIndex = at + 1;
    const domain = DOMAIN.exec(text)?.[0];
    if (domain === undefined || FILE_ENDING.test(domain)) continue;
    out += text.slice(done, start) + redactionToken("email");
    done = at + 1 + domain.length;
  }
  return out + text.slice(done);
}
