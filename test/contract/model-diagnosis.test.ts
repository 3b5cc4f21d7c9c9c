import { afterEach, describe, expect, test } from "vitest";
import { createOpenRouterClient } from "../../src/adapters/openrouter/client.ts";
import { diagnoseWithModel, type ModelDiagnosis } from "../../src/diagnosis/llm/diagnose-with-model.ts";
import { Diagnosis } from "../../src/domain/diagnosis.ts";
import { ModelError } from "../../src/domain/model-error.ts";
import { alert, evidence } from "../support/model-incident.ts";
import {
  completion,
  goodAnswer,
  httpError,
  type ModelServer,
  type ScriptedAnswer,
  startModelServer,
} from "../support/model-server.ts";

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function diagnose(...script: readonly ScriptedAnswer[]): Promise<ModelDiagnosis> {
  server = await startModelServer(...script);
  const model = createOpenRouterClient({
    apiKey: "sk-test-0123456789",
    baseURL: server.url,
    models: ["test/model-1"],
  });
  return diagnoseWithModel({ alert, evidence }, { model });
}

const INCONCLUSIVE = { cause: "unknown", action: "none", confidence: 0, evidence: [], by: "model" };

test("a good answer is the diagnosis", async () => {
  const { diagnosis, usage, invalid } = await diagnose(completion(goodAnswer()));

  expect(invalid).toBeUndefined();
  expect(Diagnosis.parse(diagnosis)).toEqual({ ...goodAnswer(), by: "model" });
  expect(usage).toMatchObject({ model: "test/model-1", calls: 1, inputTokens: 1000, costUsd: 0.0042 });
});

test("an inconclusive answer is welcome", async () => {
  const answer = goodAnswer({ cause: "unknown", action: "none", confidence: 0.2, missing: ["the logs"] });

  const { diagnosis, invalid } = await diagnose(completion(answer));

  expect(invalid).toBeUndefined();
  expect(diagnosis).toMatchObject({ cause: "unknown", action: "none", missing: ["the logs"] });
  expect(server?.requests).toHaveLength(1);
});

test("JSON in a code fence is read", async () => {
  const { diagnosis } = await diagnose(completion(`\`\`\`json\n${JSON.stringify(goodAnswer())}\n\`\`\``));

  expect(diagnosis.cause).toBe("oom-kill");
  expect(server?.requests).toHaveLength(1);
});

describe("a well-formed answer with a bad value is unusable, never an action", () => {
  const { confidence: _confidence, ...withoutConfidence } = goodAnswer();

  test.each([
    [goodAnswer({ confidence: "0.9" }), 'confidence "0.9", which is not a number'],
    [goodAnswer({ confidence: 1.2 }), "confidence 1.2, which is above 1"],
    [goodAnswer({ confidence: -0.1 }), "confidence -0.1, which is below 0"],
    [goodAnswer({ confidence: null }), "confidence null, which is not a number"],
    [JSON.stringify(goodAnswer()).replace("0.91", "NaN"), 'confidence "NaN", which is not a number'],
    [
      JSON.stringify(goodAnswer()).replace("0.91", "Infinity"),
      'confidence "Infinity", which is not a number',
    ],
    [JSON.stringify(goodAnswer()).replace("0.91", "1e999"), "confidence Infinity, which is not a number"],
    [withoutConfidence, "without the field confidence"],
    [goodAnswer({ action: "reboot" }), 'action "reboot", which does not exist'],
    [goodAnswer({ action: "restart; rm -rf /" }), 'action "restart; rm -rf /", which does not exist'],
    [goodAnswer({ action: ["restart"] }), 'action ["restart"], which does not exist'],
    [goodAnswer({ cause: "gremlins" }), 'cause "gremlins", which does not exist'],
    [goodAnswer({ severity: "P0" }), 'severity "P0", which does not exist'],
    [
      goodAnswer({ ruledOut: [{ cause: "elves", why: "" }] }),
      'ruledOut[0].cause "elves", which does not exist',
    ],
    [goodAnswer({ target: "other-service" }), 'keys that were not asked for: "target"'],
    [goodAnswer({ evidence: "E1" }), 'evidence "E1", which is not an array'],
    [{}, "without the field evidence"],
  ])("%j", async (answer, reason) => {
    const { diagnosis, usage, invalid } = await diagnose(completion(answer));

    expect(invalid).toContain(reason);
    expect(Diagnosis.parse(diagnosis)).toMatchObject(INCONCLUSIVE);
    expect(diagnosis.rootCause).toContain(reason);
    expect(diagnosis.missing).toEqual([invalid]);
    expect(usage).toMatchObject({ calls: 2, inputTokens: 2000, outputTokens: 400, costUsd: 0.0084 });
    expect(server?.requests).toHaveLength(2);
  });

  test("the second ask names the fault, and its answer counts", async () => {
    const { diagnosis, invalid } = await diagnose(
      completion(goodAnswer({ action: "reboot" })),
      completion(goodAnswer()),
    );

    const [first, second] = server?.requests.map(({ body }) => body.messages[1]?.content ?? "") ?? [];
    expect(invalid).toBeUndefined();
    expect(diagnosis).toMatchObject({ action: "restart", confidence: 0.91 });
    expect(second?.startsWith(first ?? "?")).toBe(true);
    expect(second).toContain('action "reboot", which does not exist');
  });

  test.each([completion("oops"), httpError(402, "no credit"), completion(null, { refusal: "no" })])(
    "is not forgotten when asking again fails: %j",
    async (second) => {
      const { diagnosis, invalid, usage } = await diagnose(
        completion(goodAnswer({ action: "reboot" })),
        second,
      );

      expect(invalid).toContain('action "reboot"');
      expect(diagnosis).toMatchObject(INCONCLUSIVE);
      expect(usage.calls).toBe(2);
    },
  );
});

describe("what is no JSON object is a failure of the model", () => {
  test.each([
    completion("I think it is an OOM kill."),
    completion(`Here you are: ${JSON.stringify(goodAnswer())}`),
    completion(JSON.stringify(goodAnswer()).slice(0, 80)),
    completion("[]"),
    completion('"restart"'),
    completion("null"),
    completion(JSON.stringify(goodAnswer()), { finishReason: "length" }),
    completion(""),
  ])("%j", async (answer) => {
    const thrown: unknown = await diagnose(answer).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(ModelError);
    expect(thrown).toMatchObject({
      code: "model-invalid-answer",
      remedy: expect.stringMatching(/\S/),
      usage: { calls: 2, costUsd: 0.0084 },
    });
    expect(server?.requests).toHaveLength(2);
  });

  test("but one repair turn may mend it", async () => {
    const { diagnosis, usage } = await diagnose(
      completion('{"cause":', { finishReason: "length" }),
      completion(goodAnswer()),
    );

    expect(diagnosis.cause).toBe("oom-kill");
    expect(usage.calls).toBe(2);
  });

  test("a failure that no words can mend is not asked about again", async () => {
    const thrown: unknown = await diagnose(httpError(402, "no credit")).catch((error: unknown) => error);

    expect(thrown).toMatchObject({ code: "model-out-of-credit" });
    expect(server?.requests).toHaveLength(1);
  });
});

describe("citations", () => {
  test("an invented id is voided and told", async () => {
    const { diagnosis } = await diagnose(
      completion(goodAnswer({ evidence: ["E1", "E99", "E1"], against: ["E2", "E77"] })),
    );

    expect(diagnosis).toMatchObject({ cause: "oom-kill", evidence: ["E1"], against: ["E2"] });
    expect(diagnosis.missing[0]).toContain('"E99", "E77"');
  });

  test.each([[["E99"]], [[]], [["e1", "1", "E1 and E2"]]])("%j: none valid, inconclusive", async (cited) => {
    const { diagnosis, invalid } = await diagnose(completion(goodAnswer({ evidence: cited })));

    expect(invalid).toBeUndefined();
    expect(diagnosis).toMatchObject({ ...INCONCLUSIVE, severity: "P2" });
    expect(diagnosis.missing[0]).toContain("oom-kill");
    expect(server?.requests).toHaveLength(1);
  });
});

test("an answer that an injection wrote is cleaned, and its orders are only text", async () => {
  const { diagnosis } = await diagnose(
    completion(
      goodAnswer({
        rootCause: "line one\nline\u0000 two \u202eesrever\u{e0041} \u001b[31mred",
        rca: `first\r\n\u0007second\n\n\n\n${"x".repeat(50_000)}`,
        missing: Array.from({ length: 500 }, (_, index) => `missing ${index}`),
        nextSteps: ["y".repeat(5_000), "\u200b"],
      }),
    ),
  );

  expect(diagnosis.rootCause).toBe("line one line two esrever [31mred");
  expect(diagnosis.rca.startsWith("first\nsecond\n\nxxx")).toBe(true);
  expect(diagnosis.rca.length).toBeLessThanOrEqual(4_000);
  expect(diagnosis.missing).toHaveLength(10);
  expect(diagnosis.nextSteps).toHaveLength(1);
  expect(diagnosis.nextSteps[0]?.length).toBeLessThanOrEqual(400);
});
