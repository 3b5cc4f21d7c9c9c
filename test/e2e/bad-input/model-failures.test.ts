/** A model that gives no answer: the rules decide as if it were not there, and the report says that it failed and why. */
import { describe, expect, it } from "vitest";
import { API_KEY, type WorldOptions, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { expectNoSecret, expectReport } from "../../support/expect-report.ts";
import {
  completion,
  errorInside200,
  goodAnswer,
  httpError,
  respond,
  type ScriptedAnswer,
} from "../../support/model-server.ts";

interface Case {
  readonly script: ScriptedAnswer;
  readonly code: string;
  readonly says: readonly (string | RegExp)[];
  readonly env?: WorldOptions["env"];
}

const waited = { "retry-after": "0.2" };

const CASES: Readonly<Record<string, Case>> = {
  "is down": {
    script: { kind: "reset" },
    env: { OPENROUTER_BASE_URL: "http://127.0.0.1:9/api/v1" },
    code: "model-unreachable",
    says: ["could not be reached", "OPENROUTER_BASE_URL"],
  },
  "hangs up": { script: { kind: "reset" }, code: "model-unreachable", says: ["could not be reached"] },
  "never answers": { script: { kind: "hang" }, code: "model-timeout", says: ["took too long", "LLM_MODEL"] },
  "stops in the middle": { script: { kind: "stall" }, code: "model-timeout", says: ["took too long"] },
  "limits the rate": {
    script: httpError(429, "Rate limit exceeded", waited),
    code: "model-rate-limited",
    says: ["is limiting the rate (code 429)", "set another LLM_MODEL"],
  },
  "has no credit": {
    script: httpError(402, "Insufficient credits"),
    code: "model-out-of-credit",
    says: ["credit is used up (code 402)", "Add credit"],
  },
  "does not accept the key": {
    script: httpError(401, `Incorrect API key provided: ${API_KEY}`),
    code: "model-refused",
    says: ["did not accept the API key", "Set a valid OPENROUTER_API_KEY"],
  },
  "is behind a broken gateway": {
    script: respond(502, "<html><h1>502 Bad Gateway</h1></html>", { "content-type": "text/html", ...waited }),
    code: "model-unreachable",
    says: ["(code 502)", "LLM_MODEL"],
  },
  "answers with a web page": {
    script: respond(200, "<html>hello</html>", { "content-type": "application/json" }),
    code: "model-invalid-answer",
    says: ["not JSON", "OPENROUTER_BASE_URL"],
  },
  "writes prose": {
    script: completion("I would restart the task."),
    code: "model-invalid-answer",
    says: ["is not a JSON object", "Set another LLM_MODEL"],
  },
  "reports an error inside a 200": {
    script: errorInside200(502, "Provider returned error"),
    code: "model-unreachable",
    says: ["Provider returned error"],
  },
  "reports a lack of credit inside a 200": {
    script: errorInside200(402, "Insufficient credits"),
    code: "model-out-of-credit",
    says: ["Add credit"],
  },
  "is cut off": {
    script: completion(JSON.stringify(goodAnswer()).slice(0, 80), { finishReason: "length" }),
    code: "model-invalid-answer",
    says: ["model"],
  },
  "refuses to answer": {
    script: completion(null, { refusal: "I cannot help with that." }),
    code: "model-refused",
    says: ["LLM_MODEL"],
  },
};

describe.concurrent("a model that", () => {
  it.each(Object.entries(CASES))("%s", (_name, { script, code, says, env }) =>
    withWorld(
      {
        model: [script],
        timing: { modelTimeoutSeconds: code === "model-timeout" ? 2 : 20 },
        env: { OPSAGENT_MODE: "observe", ...env },
      },
      async (world) => {
        const incident = await world.handleOne(snsEvent(alarmMessage()));

        const posted = JSON.stringify(world.slack.messages.at(-1));
        expect(posted).toContain("(by the rules alone)");
        expect(posted).toContain("The model gave no opinion, so the rules decided alone: ");
        for (const words of says) {
          expect(posted).toMatch(words);
          expect(incident.modelFailure && Object.values(incident.modelFailure).join(" ")).toMatch(words);
        }
        expect(incident).toMatchObject({
          status: "observed",
          failures: [],
          modelFailure: { code, remedy: expect.stringMatching(/.{20}/) },
          diagnosis: { by: "rules", cause: "memory-leak" },
          decision: { wouldHave: { kind: "act", plan: { action: "restart" } } },
        });
        expectNoSecret(world);
      },
    )(),
  );

  it(
    "is not configured costs nothing, and is told",
    withWorld({ env: { OPSAGENT_DIAGNOSER: undefined } }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: ["OPENROUTER_API_KEY is not set", "OPSAGENT_DIAGNOSER=rules"],
        mutations: ["StopTask"],
      });
      expect(incident.modelFailure).toMatchObject({ code: "model-not-configured" });
    }),
  );

  const down = { model: [{ kind: "reset" }] } as const;

  it(
    "fails makes a question where the policy says ask",
    withWorld({ ...down, policy: { whenModelFails: "ask" } }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "escalated", says: ["was not answered in time"] });
      expect(incident.approval?.why).toContain("The model gave no opinion (model-unreachable).");
    }),
  );

  it(
    "fails ends the incident where the policy says nothing, with the rules' verdict beside it",
    withWorld({ ...down, policy: { whenModelFails: "nothing" } }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "failed", says: ["could not be reached"] });
      expect(incident.failures).toMatchObject([{ stage: "diagnose", code: "model-unreachable" }]);
      expect(incident.secondOpinion).toMatchObject({ by: "rules", cause: "memory-leak" });
      expect(world.slack.messages[0]?.text).toContain("(by the rules alone)");
    }),
  );
});
