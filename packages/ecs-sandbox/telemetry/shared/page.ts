import { WireError } from "../../wire/service.ts";

/** One page of a listing. `nextToken` is absent on the last page. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextToken?: string;
}

/** Encodes where the next page starts as the opaque token that AWS clients hand back. */
export function encodeOffset(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString("base64url");
}

/** Decodes a token of {@link encodeOffset}; throws `errorCode` for anything else. */
export function decodeOffset(token: string | undefined, errorCode: string): number {
  if (token === undefined) return 0;
  const match = /^offset:(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (match?.[1] === undefined) throw new WireError(errorCode, "The specified nextToken is invalid.");
  return Number(match[1]);
}

/** Cuts one page of at most `limit` items; throws `errorCode` for a token that it did not make. */
export function paginate<Item>(
  items: readonly Item[],
  limit: number,
  token: string | undefined,
  errorCode: string,
): Page<Item> {
  const start = decodeOffset(token, errorCode);
  const page = items.slice(start, start + limit);
  const end = start + page.length;
  return end < items.length ? { items: page, nextToken: encodeOffset(end) } : { items: page };
}
