import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { createQuota } from "./cpu-quota.ts";

/** Works for so long by the clock; answers the share of one core that it got. */
function work(milliseconds: number, wait: () => void): number {
  const [started, used] = [performance.now(), process.cpuUsage()];
  while (performance.now() - started < milliseconds) {
    for (let round = 0; round < 50; round += 1) createHash("sha256").update("order").digest();
    wait();
  }
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000 / (performance.now() - started);
}

it("holds a busy process to its share of a core", () => {
  expect(work(1500, createQuota(0.2))).toBeLessThan(0.26);
});

it("lets an idle one have a burst at once, and no more than one period of it", async () => {
  const wait = createQuota(0.2);
  wait();
  await new Promise((resolve) => setTimeout(resolve, 600));
  const started = performance.now();
  const used = process.cpuUsage();
  while (process.cpuUsage(used).user + process.cpuUsage(used).system < 10_000) wait();
  const burst = performance.now() - started;
  work(400, wait);

  expect(burst).toBeLessThan(150);
  expect(work(1000, wait)).toBeLessThan(0.28);
});

it("limits nothing without a quota", () => {
  const wait = createQuota(0);
  work(100, () => {});
  const started = performance.now();
  wait();

  expect(performance.now() - started).toBeLessThan(10);
});
