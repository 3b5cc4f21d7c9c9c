/** The CPU that a demo process may have, enforced as the kernel does: who has used up a period waits for the next ones. */

/** The period of the kernel's CFS bandwidth control, milliseconds. */
const periodMs = 100;
const cell = new Int32Array(new SharedArrayBuffer(4));

/** Creates a wait that holds the whole process, with all its threads' use, to so many `cores`; 0 is no limit. */
export function createQuota(cores: number): () => void {
  let at = performance.now();
  let used = process.cpuUsage();
  let creditMs = 0;
  return () => {
    if (cores === 0) return;
    const now = performance.now();
    const since = process.cpuUsage(used);
    used = process.cpuUsage();
    creditMs = Math.min(periodMs * cores, creditMs + (now - at) * cores);
    creditMs -= (since.user + since.system) / 1000;
    at = now;
    // Frozen, as every thread of a throttled container: nothing is answered meanwhile.
    if (creditMs < 0) Atomics.wait(cell, 0, 0, -creditMs / cores);
  };
}

/** Waits as long as this process has used more CPU than `CPU_QUOTA_CORES` allow. */
export const waitForQuota = createQuota(Number(process.env["CPU_QUOTA_CORES"] ?? "0"));
