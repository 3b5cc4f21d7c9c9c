import { createHash } from "node:crypto";
import { waitForQuota } from "./cpu-quota.ts";

/** Keeps this thread busy for so many milliseconds of CPU time, whatever the speed and load of the machine. */
export function burnCpu(milliseconds: number): string {
  const start = process.threadCpuUsage();
  let digest = "order";
  for (;;) {
    for (let round = 0; round < 20; round += 1) digest = createHash("sha256").update(digest).digest("hex");
    waitForQuota();
    const used = process.threadCpuUsage(start);
    if (used.user + used.system >= milliseconds * 1000) return digest;
  }
}
