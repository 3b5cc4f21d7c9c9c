import { expect, it } from "vitest";
import type { SandboxState } from "./facts.ts";
import { createPanel } from "./panel.ts";

const state = (memoryPercent: number) =>
  ({
    services: [
      {
        name: "shop",
        running: 2,
        desired: 2,
        tasks: [
          { id: "aaaaaaaabbbb", status: "RUNNING", memoryPercent, cpuPercent: 3, target: "healthy" },
          { id: "ccccccccdddd", status: "RUNNING", memoryPercent: 20, cpuPercent: 4, target: "unhealthy" },
          { id: "eeeeeeeeffff", status: "STOPPED" },
        ],
      },
    ],
    alarms: [{ name: "shop-memory", state: "ALARM" }],
  }) as unknown as SandboxState;

it("shows every task that lives with the course of its memory, and the alarms", () => {
  const panel = createPanel();
  panel.look(state(10), "shop", 100);
  panel.look(state(55), "shop", 100);

  const lines = panel.look(state(99), "shop", 100);

  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain("shop: 2 of 2 tasks run; shop-memory ALARM");
  expect(lines[1]).toMatch(/aaaaaaaa +▁▅█ memory +99 % cpu +3 %$/);
  expect(lines[2]).toMatch(/▂▂▂ memory +20 % cpu +4 % SICK$/);
});

it("is never wider than the terminal, and empty for a service that is not there", () => {
  const panel = createPanel();

  expect(Math.max(...panel.look(state(50), "shop", 40).map((line) => line.length))).toBeLessThan(40);
  expect(panel.look(state(50), "cart", 40)).toEqual([]);
});
