import { createHash } from "node:crypto";
import { storedTime } from "../../domain/incident/stored-record.ts";

/** Names one item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** DynamoDB takes 2048 bytes of partition key and 1024 of sort key; prefixes and times need some of them. */
const LONGEST = 800;
const HASHED = "sha256:";

/**
 * A name from outside as a part of a key. Different names give different parts: one that is too long, or that UTF-8
 * cannot carry, is replaced by its hash, and so is an empty one (no key is), or one that looks like such a hash.
 */
export function keyPart(name: string): string {
  const fits =
    name !== "" && name.isWellFormed() && Buffer.byteLength(name) <= LONGEST && !name.startsWith(HASHED);
  if (fits) return name;
  // JSON writes what is not well-formed as escapes, so that the hash still tells it apart.
  return HASHED + createHash("sha256").update(JSON.stringify(name)).digest("hex");
}

/** A time as a part of a sort key: it sorts as the times do. Throws `store-failed` for what is no time. */
export function timePart(iso: string): string {
  return new Date(storedTime(iso)).toISOString();
}
