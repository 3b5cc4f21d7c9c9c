import { describe, expect, it } from "vitest";
import { measureProcesses, parsePs } from "./process-usage.ts";

describe("process usage", () => {
  it("is read from a living process and left out for a dead one", async () => {
    const usages = await measureProcesses([process.pid, 2 ** 22 + 1]);

    expect([...usages.keys()]).toEqual([process.pid]);
    expect(usages.get(process.pid)?.rssBytes).toBeGreaterThan(10_000_000);
    expect(usages.get(process.pid)?.cpuSeconds).toBeGreaterThan(0);
  });

  it("is read from what ps prints on Linux and macOS", () => {
    const usages = parsePs("  12   2048 00:01:05\n 345   1024   2:03.50\n  6 4 1-00:00:01\n");

    expect(usages.get(12)).toEqual({ rssBytes: 2_097_152, cpuSeconds: 65 });
    expect(usages.get(345)).toEqual({ rssBytes: 1_048_576, cpuSeconds: 123.5 });
    expect(usages.get(6)?.cpuSeconds).toBe(86_401);
  });
});
