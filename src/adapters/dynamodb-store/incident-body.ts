/** Incident records as bytes: compressed, and cut into pieces that items can hold. */

import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { TextFor } from "../../domain/exit.ts";

/** DynamoDB takes items of 400 KB (409 600 bytes) with their names and keys; this leaves ample room for those. */
export const MAX_PIECE = 380_000;

/** No record grows so large; a damaged or planted one must not fill the memory. Bytes. */
const MAX_TEXT = 256 * 1024 * 1024;

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** A text as compressed pieces, at least one. */
export async function packed(text: TextFor<"store">): Promise<readonly Uint8Array[]> {
  const bytes = await compress(text);
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += MAX_PIECE) {
    pieces.push(bytes.subarray(from, from + MAX_PIECE));
  }
  return pieces;
}

/** The text again; empty when the pieces are damaged or not all there, which their checksum tells. */
export async function unpacked(pieces: readonly unknown[]): Promise<string> {
  try {
    const bytes = Buffer.concat(pieces.filter((piece) => piece instanceof Uint8Array));
    return (await expand(bytes, { maxOutputLength: MAX_TEXT })).toString("utf8");
  } catch {
    return "";
  }
}
