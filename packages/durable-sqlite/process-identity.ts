/** Identifies a worker's process, so that another one on the same machine can tell whether it is alive. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { kill, pid, platform } from "node:process";

export type ProcessIdentity = {
  /** Processes with the same scope see one another's ids. */
  scope: string;
  pid: number;
  /** Start time in the kernel's own unit, which tells a process from a later one with the same id. */
  startedAt?: string;
};

/** Whether a process is alive; "unknown" when it cannot be seen from here. */
export type Liveness = "alive" | "dead" | "unknown";

export function currentProcess(): ProcessIdentity {
  if (platform !== "linux") return { scope: `host ${hostname()}`, pid };
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const startedAt = readStartTime(pid);
    return {
      scope: `boot ${boot} ${readlinkSync("/proc/self/ns/pid")}`,
      pid,
      ...(startedAt === undefined ? {} : { startedAt }),
    };
  } catch {
    // Without /proc nothing is known of other processes: use a scope that nobody shares.
    return { scope: `private ${hostname()} ${pid} ${Date.now()}`, pid };
  }
}

/** Tells whether another worker's process is alive, as seen from this one. */
export function judgeProcess(other: ProcessIdentity, self: ProcessIdentity): Liveness {
  if (other.scope !== self.scope) return "unknown";
  if (!processExists(other.pid)) return "dead";
  if (other.startedAt === undefined) return "unknown";
  return readStartTime(other.pid) === other.startedAt ? "alive" : "dead";
}

function processExists(id: number): boolean {
  try {
    kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Field 22 of /proc/PID/stat (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html); a zombie is gone. */
function readStartTime(id: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
