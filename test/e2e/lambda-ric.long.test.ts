import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { buildLambda, type LambdaBundle } from "../../scripts/build.ts";
import { Incident } from "../../src/domain/incident/incident.ts";
import { type LambdaEnvironment, ricIsMissing, startLambda } from "../support/lambda-environment.ts";
import {
  FAST_POLICY,
  type LeakingService,
  memoryAlarmEvent,
  snsEvent,
  startLeakingService,
} from "../support/leaking-service.ts";
import type { InvocationResult } from "../support/runtime-api.ts";

/** The built function in its own folder, run by the runtime that Lambda's containers run. */

const why = ricIsMissing();
if (why !== undefined)
  process.stderr.write(`\nSKIPPED: the Lambda bundle was NOT run under Lambda's runtime: ${why}.\n`);

const base = mkdtempSync(join(tmpdir(), "opsagent-lambda-"));
const taskRoot = join(base, "task");
let bundle: LambdaBundle;
let service: LeakingService;
let lambda: LambdaEnvironment | undefined;
let count = 0;

beforeAll(async () => {
  bundle = await buildLambda(taskRoot);
}, 180_000);
afterEach(async () => {
  await lambda?.stop();
  lambda = undefined;
  await service?.stub.close();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function start(variables: Readonly<Record<string, string>> = {}): Promise<LambdaEnvironment> {
  count += 1;
  const scratch = join(base, `environment-${count}`);
  mkdirSync(scratch);
  writeFileSync(join(scratch, "policy.yaml"), FAST_POLICY);
  // Long enough to be told from noise also at the default period of a minute.
  service = await startLeakingService("shop", { minutes: 40 });
  lambda = await startLambda(
    { taskRoot, scratch },
    {
      OPSAGENT_DIAGNOSER: "rules",
      OPSAGENT_POLICY: join(scratch, "policy.yaml"),
      OPSAGENT_STORE: `sqlite:${join(scratch, "store.db")}`,
      ECS_CLUSTER: "test",
      AWS_ENDPOINT_URL: service.stub.endpoint,
      ...variables,
    },
    "single",
  );
  return lambda;
}

function incidentsOf(result: InvocationResult): Incident[] {
  if (result.kind === "error") throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return Incident.array().parse((result.body as { incidents: unknown }).incidents);
}

describe.skipIf(why !== undefined)("one plain invocation under Lambda's runtime", () => {
  it("finds, cures and proves, twice in a warm environment, and an event once", {
    timeout: 60_000,
  }, async () => {
    const { invoke, modules, output } = await start();
    const event = memoryAlarmEvent("shop");

    const [incident] = incidentsOf(await invoke(event));
    const [again] = incidentsOf(await invoke(event));
    const [simple] = incidentsOf(
      await invoke(snsEvent({ service: "shop", metric: "memory", value: 95, threshold: 80 })),
    );

    expect(incident).toMatchObject({
      status: "resolved",
      target: { cluster: "test", service: "shop" },
      diagnosis: { cause: "memory-leak", by: "rules" },
      decision: { kind: "act", action: "restart" },
      verification: { outcome: "recovered" },
    });
    expect(again).toEqual(incident);
    expect(simple).toMatchObject({ alert: { source: "simple-sns" }, target: { service: "shop" } });
    expect(simple?.actions).toEqual([]);
    expect(service.stoppedTasks()).toEqual(["leaky"]);
    expect(output()).toContain('"incident-closed"');
    expectOnlyOwnModules(modules());
  });

  it("changes nothing without a policy, and says how to allow it", async () => {
    const { invoke } = await start({ OPSAGENT_POLICY: "" });

    const [incident] = incidentsOf(await invoke(memoryAlarmEvent("shop")));

    expect(incident).toMatchObject({
      status: "observed",
      summary: expect.stringContaining("set modes.restart in the policy to approve or auto"),
    });
    expect(service.stub.calls("StopTask")).toEqual([]);
  });

  it("reports an event that it cannot read, and goes on", async () => {
    const { invoke } = await start();

    const [malformed] = incidentsOf(await invoke(snsEvent("{ not json")));
    const [foreign] = incidentsOf(await invoke({ hello: "world" }));

    expect(malformed).toMatchObject({
      status: "failed",
      failures: [{ stage: "trigger", code: "event-unreadable" }],
    });
    expect(malformed?.summary).toContain("Records[0].Sns.Message");
    expect(foreign).toMatchObject({ status: "failed" });
    expect(service.stub.connections()).toBe(0);
  });

  it("says what is wrong with the configuration, all of it, and no value", async () => {
    const { invoke, output } = await start({
      OPSAGENT_MODE: "reckless-9f3a",
      SLACK_WEBHOOK_URL: "not-an-address-9f3a",
      OPSAGENT_POLICY: "/nowhere/policy.yaml",
    });

    const result = await invoke(memoryAlarmEvent("shop"));

    expect(result).toMatchObject({ kind: "error" });
    for (const name of ["OPSAGENT_MODE", "SLACK_WEBHOOK_URL", "OPSAGENT_POLICY"]) {
      expect(result).toHaveProperty("errorMessage", expect.stringContaining(name));
      expect(output()).toContain(name);
    }
    // zod's own words, which a bundle with too little of it would not have.
    expect(result).toHaveProperty("errorMessage", expect.stringContaining("expected one of"));
    expect(JSON.stringify(result) + output()).not.toContain("9f3a");
  });

  it("never calls an action proven that the remaining time was too short for", async () => {
    const { invoke } = await start();
    service.neverRecover();

    const [incident] = incidentsOf(await invoke(memoryAlarmEvent("shop"), 25_000));

    expect(incident?.status).toBe("escalated");
    expect(incident?.verification?.outcome).not.toBe("recovered");
    expect(incident?.verification?.reason).toContain("time of this invocation ended");
    expect(service.stoppedTasks()).toEqual(["leaky"]);
  });

  it("does what the signs say where the model has no key, and reports what is missing", async () => {
    const { invoke } = await start({ OPSAGENT_DIAGNOSER: "model" });

    const [incident] = incidentsOf(await invoke(memoryAlarmEvent("shop")));

    expect(incident).toMatchObject({ status: "resolved", modelFailure: { code: "model-not-configured" } });
    expect(service.stoppedTasks()).toEqual(["leaky"]);
  });

  it("loads the model's client from its own folder too", async () => {
    const { invoke, modules } = await start({
      OPSAGENT_DIAGNOSER: "model",
      OPENROUTER_API_KEY: "test",
      // Nothing listens there: the call is made, and fails.
      OPENROUTER_BASE_URL: "http://127.0.0.1:9/v1",
    });

    const [incident] = incidentsOf(await invoke(memoryAlarmEvent("shop")));

    expect(incident?.modelFailure).toMatchObject({ code: "model-unreachable" });
    expect(modules().some(({ found }) => /chunks\/openai/.test(found))).toBe(true);
    expectOnlyOwnModules(modules());
  });
});

describe("the bundle", () => {
  it("is complete, small, and misses one module that is never reached", () => {
    expect(readdirSync(taskRoot).sort()).toEqual([
      "chunks",
      "dispatcher.mjs",
      "http.mjs",
      "lambda.mjs",
      "single.mjs",
    ]);
    for (const { bytes, initialBytes } of Object.values(bundle.functions)) {
      expect(bytes).toBeLessThan(2_300_000);
      expect(initialBytes).toBeLessThan(1_050_000);
    }
    expect(bundle.functions.lambda.initialBytes).toBeLessThan(920_000);
    expect(bundle.functions.dispatcher.initialBytes).toBeLessThan(650_000);
    // Every file is one that a function may load.
    const files = readdirSync(taskRoot, { recursive: true, withFileTypes: true });
    const scripts = files.filter((file) => file.name.endsWith(".mjs"));
    const onDisk = scripts.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
    expect(onDisk.reduce((sum, size) => sum + size, 0)).toBe(bundle.bytes);
    // Only for the durable SDK's own transport; `expectOnlyOwnModules` proves that it is never asked for.
    expect(bundle.missing).toEqual(["@aws-sdk/client-lambda"]);
  });
});

function expectOnlyOwnModules(modules: readonly { specifier: string; found: string }[]): void {
  const home = `${pathToFileURL(taskRoot).href}/`;
  const foreign = modules.filter(({ found }) => !found.startsWith("node:") && !found.startsWith(home));
  expect(modules.length).toBeGreaterThan(10);
  expect(foreign).toEqual([]);
}
