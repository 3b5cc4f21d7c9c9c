import { levelOf } from "./header.ts";
import type { Entry } from "./log-entry.ts";

const STARTS = /^[A-Za-z_][\w.]{0,30}=(?:"|[^\s=])/;
const PAIR = /(?<![\w.])([A-Za-z_][\w.]{0,40})=(?:"((?:[^"\\]|\\.){0,2000})"?|([^\s"]{0,200}))/g;
const MOST_PAIRS = 30;

/** Reads `level=error msg="..." err="..."` (https://brandur.org/logfmt); undefined when the line has no `msg`. */
export function readLogfmt(text: string): Entry | undefined {
  if (!STARTS.test(text) || !/(?:^| )(?:msg|message|event)=/.test(text)) return undefined;
  const fields = new Map<string, string>();
  let pairs = 0;
  for (const [, key = "", quoted, bare] of text.matchAll(PAIR)) {
    if (!fields.has(key)) fields.set(key, quoted ?? bare ?? "");
    if (++pairs === MOST_PAIRS) break;
  }
  const message = fields.get("msg") ?? fields.get("message") ?? fields.get("event") ?? "";
  const error = fields.get("err") ?? fields.get("error") ?? "";
  const level = levelOf(fields.get("level") ?? fields.get("lvl") ?? fields.get("severity"));
  const words = error === "" ? message : `${message} : ${error}`;
  const statement = words.includes("\\") ? words.replaceAll('\\"', '"').replaceAll("\\n", "\n") : words;
  return level === undefined
    ? { text: statement, structured: true }
    : { text: statement, structured: true, level };
}
