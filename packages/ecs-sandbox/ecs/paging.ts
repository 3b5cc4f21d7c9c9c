import { type Input, invalid, readNumber, readText } from "../wire/input.ts";

/** A page of a list: what to show and the token for the rest. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** Cuts a page out of a list by `maxResults` and `nextToken`. */
export function pageOf<T>(input: Input, items: readonly T[], largest = 100): Page<T> {
  const size = readNumber(input, "maxResults") ?? largest;
  if (!Number.isInteger(size) || size < 1 || size > largest) {
    throw invalid(`maxResults must be between 1 and ${largest}.`);
  }
  const start = readStart(readText(input, "nextToken"));
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextToken: Buffer.from(`from:${end}`).toString("base64url") } : {}),
  };
}

function readStart(token: string | undefined): number {
  if (token === undefined) return 0;
  const match = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (!match) throw invalid("Invalid token in the request.");
  return Number(match[1]);
}
