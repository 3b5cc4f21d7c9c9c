/** Bearer tokens: whose they are, without telling by the time taken how much of a guess was right. */
import { createHash, timingSafeEqual } from "node:crypto";

export interface HttpToken {
  /** What `approvals.httpClients` of the policy lists. */
  readonly name: string;
  readonly secret: string;
}

/** The name behind an `Authorization` header; undefined for none, another scheme or an unknown token. */
export type IdentifyClient = (authorization: string | undefined) => string | undefined;

/** Compares hashes, which are all equally long, and always all of them. */
export function createTokenCheck(tokens: readonly HttpToken[]): IdentifyClient {
  const known = tokens.map(({ name, secret }) => ({ name, hash: sha256(secret) }));
  return (authorization) => {
    const [, secret] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
    if (secret === undefined) return undefined;
    const given = sha256(secret);
    const matching = known.filter(({ hash }) => timingSafeEqual(hash, given));
    return matching[0]?.name;
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
