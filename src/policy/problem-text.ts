import type { PolicyProblem } from "./policy-file.ts";

/** Returns a problem of a policy file in one line: file, line, key, what is wrong, and what was probably meant. */
export function problemText(path: string, { line, path: key, message, hint }: PolicyProblem): string {
  const where = line === undefined ? path : `${path}:${line}`;
  return `${where}: ${key === "" ? "" : `${key}: `}${message}${hint === undefined ? "" : ` (${hint})`}`;
}
