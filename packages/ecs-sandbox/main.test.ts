import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, isAlive } from "./range-fixture.ts";

interface State {
  readonly services: {
    readonly name: string;
    readonly desired: number;
    readonly running: number;
    readonly tasks: { readonly arn: string; readonly pid: number; readonly exitCode?: number }[];
  }[];
  readonly load: { readonly pid: number; readonly succeeded: number };
}

describe("sandbox", () => {
  let sandbox: ChildProcess;
  let control: string;

  beforeEach(async () => {
    sandbox = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) =>
      sandbox.stdout?.once("data", (data) => resolve(String(data))),
    );
    const addresses: unknown = JSON.parse(line);
    expect(addresses).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    control = (addresses as { control: string }).control;
  });
  afterEach(() => sandbox.kill("SIGKILL"));

  const ended = () => new Promise((resolve) => sandbox.once("exit", (code) => resolve(code)));
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${control}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as T;
  }

  it("plays a scenario on real processes and leaves none when its parent goes away", async () => {
    const scenarios = await call<{ name: string }[]>("GET", "/scenarios");
    await call("POST", "/functions", {
      arn: "arn:aws:lambda:us-east-1:000000000000:function:x",
      url: control,
    });
    const facts = await call("POST", "/scenarios/unhealthy-task/start", { baselineSeconds: 0 });
    const { tasks } = await call<{ tasks: string[] }>("POST", "/inject");
    const truth = await call("GET", "/truth");
    const state = await call<State>("GET", "/state");

    expect(scenarios.map((one) => one.name)).toContain("oom");
    expect(facts).toMatchObject({ cluster: "drill", service: "shop", desiredCount: 3 });
    expect(truth).toMatchObject({ causes: ["hung-task"], actions: ["restart"], targets: tasks });
    expect(tasks).toHaveLength(1);
    expect(state.load.succeeded).toBeGreaterThan(0);
    expect(await call("GET", "/ledger")).toEqual([]);
    const pids = [
      ...state.services.flatMap((service) => service.tasks.map((task) => task.pid)),
      state.load.pid,
    ];
    expect(pids.filter(isAlive)).toHaveLength(5);

    sandbox.stdin?.end();

    expect(await ended()).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("plays a release that ends at its start, and says what brings the old one back", async () => {
    await call("POST", "/scenarios/stuck-deploy/start", { baselineSeconds: 0 });
    const before = await call<State>("GET", "/state");

    await call("POST", "/inject");

    const shop = await eventually(async () => {
      const state = await call<State>("GET", "/state");
      const found = state.services.find((one) => one.name === "shop");
      return found?.tasks.some((task) => task.exitCode === 1) && found;
    });
    const truth = await call("GET", "/truth");
    expect(before.services.find((one) => one.name === "shop")).toMatchObject({ running: 4, desired: 4 });
    expect(shop).toMatchObject({ desired: 4 });
    expect(shop.running).toBeLessThan(4);
    expect(truth).toMatchObject({
      actions: ["rollback"],
      injected: [
        {
          deployment: {
            arn: expect.stringContaining(":service-deployment/drill/shop/"),
            from: expect.stringMatching(/task-definition\/shop:1$/),
            to: expect.stringMatching(/task-definition\/shop:2$/),
          },
        },
      ],
    });
    expect(await call("GET", "/ledger")).toEqual([]);
  });

  it("leaves none when it is killed itself, a hanging task included", async () => {
    await call("POST", "/scenarios/unhealthy-task/start", { baselineSeconds: 0 });
    await call("POST", "/inject");
    const state = await call<State>("GET", "/state");
    const pids = [
      ...state.services.flatMap((service) => service.tasks.map((task) => task.pid)),
      state.load.pid,
    ];

    sandbox.kill("SIGKILL");
    await ended();

    await eventually(async () => !pids.some(isAlive));
  });

  it("ends in order on SIGTERM", async () => {
    sandbox.kill("SIGTERM");

    expect(await ended()).toBe(0);
  });
});
