/**
 * Seals of the audit trail: the hash of an entry, signed with a key that is not in the store. The hash stands for every
 * entry up to it, so that whoever can write to the store and has no key cannot write another trail under a seal. Pure.
 */
import { createHash, createPublicKey, verify } from "node:crypto";
import { z } from "zod";

/** A signed point of the trail. Everything up to entry `seq` was there at `at`. */
export const AuditSeal = z.object({
  seq: z.number().int().nonnegative(),
  /** The hash of that entry. */
  head: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  /** {@link keyIdOf} of the key that signed. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  /** Over {@link sealedText}, hex: Ed25519, or ECDSA with SHA-256 in DER form. */
  signature: z.string().regex(/^[0-9a-f]{100,160}$/),
});
export type AuditSeal = z.infer<typeof AuditSeal>;

/** A seal that is there and cannot be read: no signature fits it. */
export function unreadableSeal(seq: number): AuditSeal {
  return { seq, head: "", at: new Date(0).toISOString(), keyId: "", signature: "" };
}

/** A head that was noted outside the store; with `seal` where the whole seal was noted. */
export interface NotedHead {
  readonly seq: number;
  readonly head: string;
  readonly seal?: AuditSeal;
}

/** The text that is signed. Its first word keeps a signature from counting for anything else. */
export function sealedText({ seq, head, at, keyId }: Omit<AuditSeal, "signature">): string {
  return `opsagent-audit-seal-v1\n${seq}\n${head}\n${at}\n${keyId}`;
}

/** The first 16 hex digits of the SHA-256 of a public key in DER form (SPKI). Throws for what is no public key. */
export function keyIdOf(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex").slice(0, 16);
}

/** Whether a seal was made with one of these keys (PEM): `unknown-key` where it names another one. */
export function checkSeal(seal: AuditSeal, publicKeys: readonly string[]): "good" | "forged" | "unknown-key" {
  if (seal.keyId === "") return "forged";
  const key = publicKeys.find((pem) => keyIdOf(pem) === seal.keyId);
  if (key === undefined) return "unknown-key";
  const publicKey = createPublicKey(key);
  const digest = publicKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const text = Buffer.from(sealedText(seal));
  return verify(digest, text, publicKey, Buffer.from(seal.signature, "hex")) ? "good" : "forged";
}

const PUBLISHED =
  /opsagent-seal:(\d{1,12})-([0-9a-f]{64})(?:-(\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z)-([0-9a-f]{16})-([0-9a-f]{100,160}))?/g;

/** A seal as it is published: one word. `short` leaves the signature out, for messages that people read. */
export function sealWord({ seq, head, at, keyId, signature }: AuditSeal, form: "whole" | "short"): string {
  const short = `opsagent-seal:${seq}-${head}`;
  return form === "short" ? short : `${short}-${at}-${keyId}-${signature}`;
}

/** Every seal in a text: a log, a message, the body of a webhook. */
export function sealsIn(text: string): NotedHead[] {
  return [...text.matchAll(PUBLISHED)].map(([, seq, head = "", at, keyId, signature]) => {
    const noted = { seq: Number(seq), head };
    const seal = AuditSeal.safeParse({ ...noted, at, keyId, signature });
    return seal.success ? { ...noted, seal: seal.data } : noted;
  });
}
