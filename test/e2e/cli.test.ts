import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Incident } from "../../src/domain/incident/incident.ts";
import { runCliProcess, startCli } from "../support/cli-process.ts";
import {
  FAST_POLICY,
  type LeakingService,
  memoryAlarmEvent,
  snsEvent,
  startLeakingService,
} from "../support/leaking-service.ts";

/** The command line as a process: what it prints where, and what it exits with. */

const base = mkdtempSync(join(tmpdir(), "opsagent-cli-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const run = (argv: readonly string[], variables: Readonly<Record<string, string>> = {}, stdin = "") =>
  runCliProcess(argv, { cwd: base, variables, stdin });

describe("usage", () => {
  it("is explained on stdout", async () => {
    const [help, command, version] = await Promise.all([
      run(["--help"]),
      run(["help", "handle"]),
      run(["--version"]),
    ]);

    for (const { exit, stderr } of [help, command, version])
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    for (const name of ["drill", "handle", "incidents", "show", "rca"])
      expect(help.stdout).toContain(`  ${name} `);
    expect(command.stdout).toContain("--event <file>");
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ["no command", [], "Usage:"],
    ["an unknown command", ["explode"], "unknown command 'explode'"],
    ["a missing option", ["handle"], "--event <file>"],
    ["a bad number", ["incidents", "--limit", "0"], "whole number above 0"],
    ["an event file that is not there", ["handle", "--event", "nowhere.json"], "nowhere.json"],
    ["an incident that is not there", ["show", "inc-none"], 'no incident "inc-none"'],
  ])("is refused with 2 and a hint for %s", async (_name, argv, hint) => {
    const { exit, stdout, stderr } = await run(argv);

    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("lists every problem of the configuration at once and repeats no value", async () => {
    writeFileSync(join(base, "bad.yaml"), "version: 1\nkillswitch: true\nlimits:\n  maxTasks: secret-9f3a\n");

    const { exit, stdout, stderr } = await run(["incidents"], {
      OPSAGENT_MODE: "secret-9f3a",
      SLACK_WEBHOOK_URL: "secret-9f3a",
      OPENROUTER_BASE_URL: "secret-9f3a",
      OPSAGENT_POLICY: "bad.yaml",
    });

    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    for (const problem of [
      "OPSAGENT_MODE",
      "SLACK_WEBHOOK_URL",
      "OPENROUTER_BASE_URL",
      "bad.yaml:2",
      "bad.yaml:4",
    ]) {
      expect(stderr).toContain(problem);
    }
    expect(stderr).not.toContain("9f3a");
  });
});

describe("a store", () => {
  let service: LeakingService;
  let variables: Readonly<Record<string, string>>;
  let resolved: Incident;

  beforeAll(async () => {
    service = await startLeakingService("shop");
    writeFileSync(join(base, "policy.yaml"), FAST_POLICY);
    variables = settings(service, "full.db");
    const { exit, stdout } = await run(
      ["handle", "--event", "-"],
      variables,
      JSON.stringify(memoryAlarmEvent("shop")),
    );
    expect(exit).toBe(0);
    resolved = Incident.parse(JSON.parse(stdout));
    expect(resolved).toMatchObject({ status: "resolved", verification: { outcome: "recovered" } });
  });
  afterAll(() => service.stub.close());

  it("that is empty is no error", async () => {
    const store = { OPSAGENT_STORE: "sqlite:empty.db" };
    const [text, json] = await Promise.all([run(["incidents"], store), run(["incidents", "--json"], store)]);

    expect(text).toMatchObject({ exit: 0, stdout: "No incidents yet. Try one: opsagent drill\n" });
    expect(json).toMatchObject({ exit: 0, stdout: "[]\n", stderr: "" });
  });

  it("that cannot be opened is named", async () => {
    const { exit, stdout, stderr } = await run(["incidents"], {
      OPSAGENT_STORE: "sqlite:policy.yaml/store.db",
    });

    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toContain("policy.yaml/store.db");
    expect(stderr).toContain("OPSAGENT_STORE");
  });

  it("gives its incidents as text and as JSON with nothing else on stdout", async () => {
    const { id } = resolved;
    const [list, listJson, show, showJson, rca, rcaJson] = await Promise.all([
      run(["incidents"], variables),
      run(["incidents", "--json", "--limit", "1"], variables),
      run(["show", id], variables),
      run(["show", id, "--json"], variables),
      run(["rca", id], variables),
      run(["rca", id, "--json", "--out", "rca.html"], variables),
    ]);

    expect([list, listJson, show, showJson, rca, rcaJson].map(({ exit }) => exit)).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect(list.stdout).toContain(`${id}  resolved`);
    expect(JSON.parse(listJson.stdout)).toMatchObject([{ id, status: "resolved" }]);
    expect(show.stdout).toContain("Status: ✅ Resolved");
    expect(Incident.parse(JSON.parse(showJson.stdout))).toEqual(resolved);
    expect(rca.stdout).toMatch(/^# /);
    expect(JSON.parse(rcaJson.stdout)).toEqual({ id, file: "rca.html" });
    expect(readFileSync(join(base, "rca.html"), "utf8")).toMatch(/^<!doctype html>/i);
  });

  it("whose RCA cannot be written says so", async () => {
    const { exit, stderr } = await run(["rca", resolved.id, "--out", "no/such/folder/rca.md"], variables);

    expect(exit).toBe(2);
    expect(stderr).toContain("no/such/folder/rca.md");
    expect(stderr).not.toContain("fault in OpsAgent");
  });

  it("is not disturbed by a reader that leaves early", async () => {
    const cli = startCli(["show", resolved.id, "--json"], { cwd: base, variables });
    cli.process.stdout?.destroy();
    const { exit, stderr } = await cli.result;

    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  });
});

describe("handle", () => {
  it("exits with 1 for an event that cannot be read, and prints the failed incident", async () => {
    const { exit, stdout } = await run(
      ["handle", "--event", "-"],
      { OPSAGENT_STORE: "sqlite:failed.db" },
      "{ no",
    );

    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "failed", failures: [{ code: "event-unreadable" }] });
  });

  it("exits with 3 for an incident that a person must look at", async () => {
    const { exit, stdout } = await run(
      ["handle", "--event", "-"],
      { OPSAGENT_STORE: "sqlite:escalated.db" },
      JSON.stringify(snsEvent({ service: "shop", metric: "memory", value: 95, threshold: 80 })),
    );

    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ status: "escalated", alert: { source: "simple-sns" } });
  });

  it("that has to ask says so at once, with the command that answers from another terminal", async () => {
    const service = await startLeakingService("shop");
    const policy = FAST_POLICY.replace("restart: auto", "restart: approve");
    writeFileSync(join(base, "asking.yaml"), policy);
    const variables = { ...settings(service, "asking.db"), OPSAGENT_POLICY: "asking.yaml" };
    const stdin = JSON.stringify(memoryAlarmEvent("shop"));
    const cli = startCli(["handle", "--event", "-", "--quiet"], { cwd: base, variables, stdin });

    const said = await saidUntil(cli, /no: .*\n/);
    const command = /yes: +OPSAGENT_STORE='(\S+)' opsagent (approve .*)/.exec(said);
    const answered = await run((command?.[2] ?? "").split(" "), {
      ...variables,
      OPSAGENT_STORE: command?.[1] ?? "",
    });
    const { exit, stdout } = await cli.result;
    await service.stub.close();

    expect(said).toContain("A person has to decide on shop: restart of task leaky.");
    expect(said).not.toContain("evidence-gathered");
    expect(answered.exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "resolved" });
    expect(exit).toBe(0);
    expect(service.stoppedTasks()).toEqual(["leaky"]);
  });

  it.each([
    ["SIGINT", ["handle", "--event", "-"]],
    ["SIGTERM", ["continue", "--json"]],
  ] as const)("stopped by %s goes on with %s, and acts once", async (signal, again) => {
    const service = await startLeakingService("shop");
    try {
      const options = {
        cwd: base,
        variables: settings(service, `${signal}.db`),
        stdin: JSON.stringify(memoryAlarmEvent("shop")),
      };
      const first = startCli(["handle", "--event", "-"], options);
      while (service.stoppedTasks().length === 0) await sleep(10);
      first.process.kill(signal);
      const stopped = await first.result;
      const second = await runCliProcess(again, options);

      expect(stopped).toMatchObject({ exit: 130, stdout: "" });
      expect(stopped.stderr).toContain("`opsagent continue` goes on");
      expect(second.exit).toBe(0);
      expect([JSON.parse(second.stdout)].flat()).toMatchObject([{ status: "resolved" }]);
      expect(service.stoppedTasks()).toEqual(["leaky"]);
    } finally {
      await service.stub.close();
    }
  });
});

async function saidUntil({ process }: ReturnType<typeof startCli>, what: RegExp): Promise<string> {
  let said = "";
  for await (const chunk of process.stderr ?? []) {
    said += String(chunk);
    if (what.test(said)) return said;
  }
  throw new Error(`It never said ${what}: ${said}`);
}

function settings(service: LeakingService, store: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: service.stub.endpoint,
    ECS_CLUSTER: "test",
    OPSAGENT_POLICY: "policy.yaml",
    OPSAGENT_STORE: `sqlite:${store}`,
  };
}
