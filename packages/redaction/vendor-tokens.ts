import { looksRandom } from "./random-text.ts";
import { redactionToken } from "./rule.ts";
import { VENDOR_FORMS } from "./vendor-forms.ts";

/** One way in which a vendor's keys are written. */
export interface VendorForm {
  /** The type in the token: `[redacted:<name>]`. */
  readonly name: string;
  /** What a key begins with. */
  readonly prefix: string;
  /** The prefix and the rest, sticky. */
  readonly pattern: RegExp;
  readonly random: boolean;
}

const CLASSES: Readonly<Record<string, string>> = {
  "@": "[A-Za-z0-9]",
  "#": "[0-9a-fA-F]",
  "^": "[A-Z0-9]",
  "~": "[\\w-]",
};

const escaped = (text: string): string => text.replaceAll(/[.$/]/g, "\\$&");
/** Class signs are never inside brackets there, save `^` of a negated class, which no form uses. */
const expanded = (body: string): string => body.replaceAll(/[@#^~]/g, (sign) => CLASSES[sign] ?? sign);

/** The forms of vendor-forms.ts, longest prefix first. */
export const vendorForms: readonly VendorForm[] = VENDOR_FORMS.trim()
  .split("\n")
  .flatMap((line) => {
    const [name = "", prefixes = "", body = ""] = line.split(" ");
    const random = body.endsWith("!");
    const rest = expanded(random ? body.slice(0, -1) : body);
    return prefixes.split("|").map((prefix) => ({
      name,
      prefix,
      pattern: new RegExp(escaped(prefix) + rest, "y"),
      random,
    }));
  })
  .sort((a, b) => b.prefix.length - a.prefix.length);

const byPrefix = new Map<string, VendorForm[]>();
for (const { prefix } of vendorForms) {
  byPrefix.set(
    prefix,
    vendorForms.filter((form) => prefix.startsWith(form.prefix)),
  );
}
const BEGIN = new RegExp(`(?<![A-Za-z0-9])(?:${[...byPrefix.keys()].map(escaped).join("|")})`, "g");

/**
 * A prefix in lower case and 20 characters or more that look random: what the keys of vendors look like that the
 * table does not know. Upper and lower case must be mixed, which no id of AWS, no digest and no commit has.
 */
const UNKNOWN =
  /(?<![A-Za-z0-9_.@/-])(?!sha\d)[a-z][a-z0-9]{1,15}(?:[_-][a-z0-9]{1,12}){0,3}[_-](?=[A-Za-z0-9]{0,254}[A-Z])[A-Za-z0-9]{20,255}(?![A-Za-z0-9])/g;

/** Replaces vendors' keys wherever they stand. */
export function redactVendorTokens(text: string): string {
  let out = "";
  let done = 0;
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin !== null; begin = BEGIN.exec(text)) {
    const found = formAt(text, begin.index, begin[0]);
    if (found === undefined) {
      BEGIN.lastIndex = begin.index + 1;
      continue;
    }
    out += text.slice(done, begin.index) + redactionToken(found.name);
    done = found.end;
    BEGIN.lastIndex = done;
  }
  const known = done === 0 ? text : out + text.slice(done);
  return known.replace(UNKNOWN, (match) => {
    const key = match.slice(Math.max(match.lastIndexOf("_"), match.lastIndexOf("-")) + 1);
    return looksRandom(key, 20) && /\d/.test(key) ? redactionToken("token") : match;
  });
}

function formAt(text: string, index: number, prefix: string): { name: string; end: number } | undefined {
  const insideBase64 = /[+/]/.test(text.charAt(index - 1));
  for (const { name, pattern, random, prefix: own } of byPrefix.get(prefix) ?? []) {
    // Letters alone come up in a digest in base 64, too, whose signs are + and /, and which goes on after a key's end.
    const plain = /^[A-Za-z0-9]+$/.test(own);
    if (plain && insideBase64) continue;
    pattern.lastIndex = index;
    const match = pattern.exec(text)?.[0];
    if (plain && match !== undefined && /[\w+/]/.test(text.charAt(index + match.length))) continue;
    if (match === undefined || (random && !looksRandom(match.slice(own.length)))) continue;
    return { name, end: index + match.length };
  }
  return undefined;
}
