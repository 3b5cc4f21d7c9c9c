import { execFile } from "node:child_process";
import { readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The ephemeral storage of one task. */
export interface TaskDisk {
  readonly path: string;
  readonly limitBytes: number;
  /** Goes before the program that is to see this disk; empty where the disk is only a folder. */
  readonly launcher: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes in use, as this process of the task sees the disk; undefined when it is gone. */
  usedBytes(pid: number): number | undefined;
  remove(): void;
}

/** One GiB of ephemeral storage is one MiB here, so that a real disk fills in seconds. */
const bytesPerGiB = 1024 * 1024;

let canMount: Promise<boolean> | undefined;

/**
 * A disk of this size. Where Linux lets an ordinary process have a mount namespace of its own, it is a tmpfs of exactly
 * that size, and what does not fit fails with ENOSPC from the kernel. Elsewhere it is a folder with a quota in
 * `TMPDIR_QUOTA_BYTES`, which the demo programs keep themselves.
 */
export async function createTaskDisk(sizeInGiB: number): Promise<TaskDisk> {
  canMount ??= probe();
  const mounted = await canMount;
  const path = await mkdtemp(join(tmpdir(), "opsagent-sandbox-disk-"));
  const limitBytes = sizeInGiB * bytesPerGiB;
  return {
    path,
    limitBytes,
    launcher: mounted ? [...namespace, mountAndRun, String(limitBytes), path] : [],
    environment: { TMPDIR: path, ...(mounted ? {} : { TMPDIR_QUOTA_BYTES: String(limitBytes) }) },
    usedBytes: (pid) => (mounted ? usedOfMount(`/proc/${pid}/root${path}`) : usedOfFolder(path)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

const namespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];
/** `$0` is the size, `$1` the folder, the rest the program: it keeps its process id. */
const mountAndRun = 'mount -t tmpfs -o size="$0" tmpfs "$1" && shift && exec "$@"';

function probe(): Promise<boolean> {
  const [file = "", ...argv] = [...namespace, mountAndRun, "1048576", tmpdir(), "true"];
  return new Promise((resolve) => {
    execFile(file, argv, (error) => resolve(error === null));
  });
}

function usedOfMount(path: string): number | undefined {
  try {
    const { blocks, bfree, bsize } = statfsSync(path);
    return (blocks - bfree) * bsize;
  } catch {
    return undefined;
  }
}

function usedOfFolder(path: string): number | undefined {
  try {
    return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
  } catch {
    return undefined;
  }
}
