/** The process boundary of `opsagent handle`: exit codes, JSON and nothing else on stdout, words on stderr. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Incident } from "../../../src/domain/incident/incident.ts";
import { type World, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { awsError } from "../../support/aws-stub-answers.ts";
import { READS } from "../../support/aws-world.ts";
import { type CliResult, runCliProcess } from "../../support/cli-process.ts";

function handle(world: World, event: unknown, env: Readonly<Record<string, string | undefined>> = {}) {
  const stdin = typeof event === "string" ? event : JSON.stringify(event);
  const variables = variablesOf({ ...world.env, ...env });
  return runCliProcess(["handle", "--event", "-"], { cwd: world.folder, variables, stdin });
}

/** An empty variable counts as one that is not set. */
function variablesOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? ""]));
}

/** Every line on stderr is a log line in JSON, or words for people; never a stack trace or a runtime's warning. */
function expectReadable(world: World, { stdout, stderr }: CliResult): void {
  for (const line of stderr.split("\n")) expect(line).not.toMatch(/^\s+at |Warning:|node:internal/);
  for (const secret of world.secrets) expect(`${stdout}${stderr}${world.traces()}`).not.toContain(secret);
}

describe.concurrent("opsagent handle", () => {
  it(
    "malformed JSON: 1, the failed incident, a message",
    withWorld({}, async (world) => {
      const result = await handle(world, '{"Records": [');

      expect(result.exit).toBe(1);
      expect(JSON.parse(result.stdout)).toMatchObject({
        status: "failed",
        failures: [{ code: "event-unreadable", message: expect.stringContaining("(event): not valid JSON") }],
      });
      expect(world.slack.messages[0]?.text).toContain("❌ Agent failed");
      expectReadable(world, result);
    }),
  );

  it(
    "nothing on stdin: 1, and said so",
    withWorld({}, async (world) => {
      const result = await handle(world, "");

      expect(result.exit).toBe(1);
      expect(JSON.parse(result.stdout)).toMatchObject({ status: "failed" });
      expectReadable(world, result);
    }),
  );

  it(
    "an alarm that is acted on: 0 and the resolved incident",
    withWorld({}, async (world) => {
      const result = await handle(world, snsEvent(alarmMessage()));

      expect(result.exit).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({ schemaVersion: "1", status: "resolved" });
      expect(world.aws.mutations()).toEqual(["StopTask"]);
      expectReadable(world, result);
    }),
  );

  it(
    "every read denied: 3 and the escalated incident",
    withWorld({}, async (world) => {
      for (const operation of READS) world.aws.on(operation, awsError("AccessDeniedException"));

      const result = await handle(world, snsEvent(alarmMessage()));

      expect(result.exit).toBe(3);
      expect(JSON.parse(result.stdout)).toMatchObject({ status: "escalated", actions: [] });
      expect(world.aws.mutations()).toEqual([]);
      expectReadable(world, result);
    }),
  );

  it(
    "one bad record of two: 1, both incidents in a list",
    withWorld({}, async (world) => {
      const result = await handle(world, snsEvent("{", alarmMessage({ NewStateValue: "OK" })));

      expect(result.exit).toBe(1);
      const incidents = JSON.parse(result.stdout) as Incident[];
      expect(incidents.map(({ status }) => status).sort()).toEqual(["failed", "observed"]);
      expectReadable(world, result);
    }),
  );

  it(
    "no key for the model: the rules decide, and it says what to set",
    withWorld({ env: { OPSAGENT_DIAGNOSER: undefined } }, async (world) => {
      const result = await handle(world, snsEvent(alarmMessage()));

      expect(result.exit).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({
        status: "resolved",
        modelFailure: {
          code: "model-not-configured",
          remedy: expect.stringContaining("OPENROUTER_API_KEY"),
        },
      });
      expect(world.aws.mutations()).toEqual(["StopTask"]);
      expectReadable(world, result);
    }),
  );

  it(
    "a store that cannot be opened: 1, reported all the same",
    withWorld({}, async (world) => {
      mkdirSync(world.storePath, { recursive: true });

      const result = await handle(world, snsEvent(alarmMessage()));

      expect(result.exit).toBe(1);
      expect(JSON.parse(result.stdout)).toMatchObject({ status: "failed" });
      expect(world.slack.messages[0]?.text).toContain("❌ Agent failed");
      expect(world.aws.mutations()).toEqual([]);
      expectReadable(world, result);
    }),
  );

  it(
    "a file that does not exist: 2, words on stderr, nothing on stdout",
    withWorld({}, async (world) => {
      const result = await runCliProcess(["handle", "--event", join(world.folder, "no-such.json")], {
        cwd: world.folder,
        variables: variablesOf(world.env),
      });

      expect(result).toMatchObject({ exit: 2, stdout: "" });
      expect(result.stderr).toMatch(/event file .*no-such\.json.* cannot be read[\s\S]*Give the path/);
      expectReadable(world, result);
    }),
  );

  it(
    "a bad configuration: 2, every problem at once, no value repeated",
    withWorld({}, async (world) => {
      const result = await handle(world, snsEvent(alarmMessage()), {
        OPSAGENT_MODE: "yolo",
        AWS_ENDPOINT_URL: "not a url",
        SLACK_WEBHOOK_URL: world.slack.secret,
        LLM_MODEL: "a,b,c,d",
      });

      expect(result).toMatchObject({ exit: 2, stdout: "" });
      for (const name of ["OPSAGENT_MODE", "AWS_ENDPOINT_URL", "SLACK_WEBHOOK_URL", "LLM_MODEL"]) {
        expect(result.stderr).toContain(name);
      }
      expect(world.aws.connections()).toBe(0);
      expectReadable(world, result);
    }),
  );
});
