/** Files of a demo service on the disk of its task. */
import { appendFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the disk is only a folder, the writer itself keeps to this many bytes. */
const quota = process.env["TMPDIR_QUOTA_BYTES"];

/** Writes a file and deletes it again. Throws ENOSPC when the disk is full. */
export function passThroughDisk(name: string, content: string): void {
  const path = join(tmpdir(), name);
  checkQuota(content.length);
  try {
    writeFileSync(path, content);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Appends to a file. Throws ENOSPC when the disk is full. */
export function appendToDisk(name: string, content: Buffer): void {
  checkQuota(content.length);
  appendFileSync(join(tmpdir(), name), content);
}

function checkQuota(bytes: number): void {
  if (quota === undefined) return;
  const used = readdirSync(tmpdir()).reduce((sum, name) => sum + statSync(join(tmpdir(), name)).size, 0);
  if (used + bytes <= Number(quota)) return;
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
  });
}
