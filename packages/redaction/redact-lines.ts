import type { Audience } from "./audience.ts";
import { redact } from "./redact.ts";
import { redactionToken } from "./rule.ts";
import { SECRET_NAME_SOURCE } from "./secret-names.ts";

const DANGLING_NAME = new RegExp(`${SECRET_NAME_SOURCE}["']?\\s{0,4}[:=]\\s{0,4}$`, "i");
const KEY_LINE = /^[\s|>"']*(?:[A-Za-z0-9+/=]{1,100}|(?:Proc-Type|DEK-Info): .{1,80})["'\s]*$/;
const BEGIN_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/;
const LONGEST_KEY_LINES = 300;

/**
 * Redacts consecutive lines of one stream, including secrets that span lines: the body of a key whose BEGIN was on an
 * earlier line, a value on the line after its name. Keeps the number of lines.
 */
export function redactLines(lines: readonly string[], audience: Audience = "model"): string[] {
  let keyLinesLeft = 0;
  let nameDangles = false;
  return lines.map((line) => {
    const insideKey = keyLinesLeft > 0 && KEY_LINE.test(line);
    keyLinesLeft =
      BEGIN_KEY.test(line) && !line.includes("-----END")
        ? LONGEST_KEY_LINES
        : insideKey
          ? keyLinesLeft - 1
          : 0;
    if (insideKey) return redactionToken("private-key");
    const value = nameDangles ? /^\s*(\S+)\s*$/.exec(line) : null;
    nameDangles = DANGLING_NAME.test(line.slice(-100));
    return value === null ? redact(line, audience) : redactionToken("secret");
  });
}
