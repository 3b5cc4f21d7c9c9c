/** The key of the audit trail in a file of its own: Ed25519, PKCS #8 PEM, readable for its owner only. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { AuditKey } from "../../audit/ports.ts";
import { OpsAgentError } from "../../domain/errors.ts";

const OTHERS = 0o077;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Reads the file on every use: a key that was taken away or replaced is noticed. Beside it, `PATH.sealed` has the newest seal. */
export function createAuditKeyFile(path: string): AuditKey {
  const notes = `${path}.sealed`;
  const key = (): KeyObject => {
    const pem = readOwn(path);
    try {
      const read = createPrivateKey(pem);
      if (read.asymmetricKeyType === "ed25519") return read;
    } catch {
      // Said below: an error of the parser may repeat what it read.
    }
    throw failed(`${path} is no Ed25519 key`, "Put the key back from a backup.");
  };
  return {
    name: path,
    publicKey: async () => createPublicKey(key()).export({ type: "spki", format: "pem" }).toString(),
    sign: async (text) => sign(null, Buffer.from(text), key()).toString("hex"),

    make: async () => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
      try {
        const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
        try {
          writeFileSync(file, pem);
        } finally {
          closeSync(file);
        }
        return true;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        throw failed(`${path} could not be written: ${codeOf(error)}`, "Make its folder writable.", error);
      }
    },

    note: async (seal) => {
      try {
        const next = `${notes}.${process.pid}`;
        writeFileSync(next, `${seal}\n`, { mode: 0o600 });
        renameSync(next, notes);
      } catch (error) {
        throw failed(`${notes} could not be written: ${codeOf(error)}`, "Make it writable.", error);
      }
    },

    noted: async () => {
      try {
        return readFileSync(notes, "utf8");
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw failed(`${notes} cannot be read: ${codeOf(error)}`, "Make it readable for this user.", error);
      }
    },
  };
}

/** Follows no link, and takes no key that others can read. */
function readOwn(path: string): string {
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NOFOLLOW);
  } catch (error) {
    const missing = codeOf(error) === "ENOENT";
    throw failed(
      missing ? `${path} is not there` : `${path} cannot be read: ${codeOf(error)}`,
      missing
        ? "Put the key back from a backup, or name another with OPSAGENT_AUDIT_KEY; `opsagent audit seal --new-key` begins with a new one."
        : "Make it a file that only this user may read (chmod 600).",
      error,
    );
  }
  try {
    if ((fstatSync(file).mode & OTHERS) !== 0) {
      throw failed(
        `${path} can be read or written by others`,
        "chmod 600 it, and find out who may have read it.",
      );
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function failed(what: string, remedy: string, cause?: unknown): OpsAgentError {
  return new OpsAgentError({
    code: "audit-key-failed",
    message: `The key of the audit trail cannot be used: ${what}.`,
    remedy,
    cause,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
