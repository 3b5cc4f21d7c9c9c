import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** What a process has used: CPU seconds since its start, and its resident memory now. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** USER_HZ, fixed at 100 for what Linux shows to user space. */
const ticksPerSecond = 100;
const hasProcfs = existsSync("/proc/self/stat");

/** Measures these processes. One that is gone is left out. */
export async function measureProcesses(pids: readonly number[]): Promise<Map<number, ProcessUsage>> {
  const usages = new Map<number, ProcessUsage>();
  if (!hasProcfs) return pids.length === 0 ? usages : readPs(pids);
  for (const pid of pids) {
    const usage = readProcfs(pid);
    if (usage) usages.set(pid, usage);
  }
  return usages;
}

function readProcfs(pid: number): ProcessUsage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return rss ? { cpuSeconds: ticks / ticksPerSecond, rssBytes: Number(rss[1]) * 1024 } : undefined;
  } catch {
    return undefined;
  }
}

function readPs(pids: readonly number[]): Promise<Map<number, ProcessUsage>> {
  return new Promise((resolve) => {
    // ps answers 1 when one of the processes is gone, and still lists the others.
    execFile("ps", ["-o", "pid=,rss=,time=", "-p", pids.join(",")], (_error, stdout) =>
      resolve(parsePs(stdout)),
    );
  });
}

/** Reads `ps -o pid=,rss=,time=`: rss in KiB, time as `[[days-]hours:]minutes:seconds[.fraction]`. */
export function parsePs(output: string): Map<number, ProcessUsage> {
  const usages = new Map<number, ProcessUsage>();
  for (const line of output.split("\n")) {
    const [pid, rss, time] = line.trim().split(/\s+/);
    if (pid && rss && time) {
      usages.set(Number(pid), { rssBytes: Number(rss) * 1024, cpuSeconds: parseTime(time) });
    }
  }
  return usages;
}

function parseTime(time: string): number {
  const [days, clock] = time.includes("-") ? time.split("-") : ["0", time];
  const seconds = (clock ?? "").split(":").reduce((total, part) => total * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}
