/** The one round in which the model may ask for more evidence, through the real SDK. */
import { afterEach, describe, expect, test } from "vitest";
import { createOpenRouterClient } from "../../src/adapters/openrouter/client.ts";
import {
  diagnoseWithModel,
  type ModelDependencies,
  type ModelDiagnosis,
} from "../../src/diagnosis/llm/diagnose-with-model.ts";
import { INPUT_TOKENS } from "../../src/diagnosis/llm/prompt.ts";
import { estimateTokens } from "../../src/diagnosis/llm/text.ts";
import type { Fact } from "../../src/domain/evidence.ts";
import type { More, MoreRequest } from "../../src/evidence/more-evidence.ts";
import { alert, evidence, logPattern } from "../support/model-incident.ts";
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

const METRIC = { read: "metric", role: "requests", window: "same-hour-yesterday" } as const;
const PATTERN = { read: "log-pattern", pattern: "E3" } as const;
const OLDER = { read: "older-window", minutes: 30 } as const;

const added: Fact = { ...logPattern("E4", "E3 by minute from 09:55:00: 0 0 12"), id: "E4" };
const unsure = (more: unknown) =>
  goodAnswer({ cause: "unknown", action: "none", confidence: 0.3, evidence: ["E1"], more });

interface Asked {
  readonly result: ModelDiagnosis;
  readonly reads: readonly (readonly MoreRequest[])[];
}

async function ask(
  script: readonly ScriptedAnswer[],
  options: {
    more?: More;
    room?: Partial<ReturnType<NonNullable<ModelDependencies["followUp"]>["room"]>>;
  } = {},
): Promise<Asked> {
  server = await startModelServer(...script);
  const reads: (readonly MoreRequest[])[] = [];
  const model = createOpenRouterClient({
    apiKey: "sk-test-0123456789",
    baseURL: server.url,
    models: ["test/model-1"],
  });
  const followUp = {
    readMore: async (requests: readonly MoreRequest[]) => {
      reads.push(requests);
      return options.more ?? { facts: [added], gaps: [] };
    },
    room: () => ({ now: 0, roundMs: 75_000, budgetUsd: 0.5, ...options.room }),
  };
  return { result: await diagnoseWithModel({ alert, evidence }, { model, followUp }), reads };
}

const prompts = () => server?.requests.map(({ body }) => body.messages[1]?.content ?? "") ?? [];
const schemas = () =>
  server?.requests.map(({ body }) => JSON.stringify(body.response_format?.json_schema.schema)) ?? [];

describe("a model that asks for more", () => {
  test("gets it, and its second answer is final", async () => {
    const { result, reads } = await ask([
      completion(unsure([METRIC, PATTERN, OLDER])),
      completion(goodAnswer({ evidence: ["E1", "E4"] })),
    ]);

    expect(reads).toEqual([[METRIC, { read: "log-pattern", pattern: evidence.facts[2] }, OLDER]]);
    expect(result.diagnosis).toMatchObject({ cause: "oom-kill", evidence: ["E1", "E4"], confidence: 0.91 });
    expect(result.added?.facts).toEqual([added]);
    expect(result.usage).toMatchObject({ calls: 2, costUsd: 0.0084 });
    const [first, second] = prompts();
    expect(first).not.toContain("You asked for more evidence");
    expect(second).toContain("E4 [log, log-pattern] E3 by minute from 09:55:00: 0 0 12");
    expect(second).toContain("You asked for more evidence: it gave E4. Nothing further can be read");
    expect(schemas().map((schema) => schema.includes('"older-window"'))).toEqual([true, false]);
  });

  test("each question stays below 6 000 tokens, and what was asked for is never left out", async () => {
    const noise = Array.from({ length: 300 }, (_entry, i) =>
      logPattern(`E${i + 10}`, `error ${i} ${"x".repeat(200)}`),
    );
    const facts = Array.from({ length: 40 }, (_entry, i) =>
      logPattern(`E${i + 900}`, `asked ${i} ${"y".repeat(80)}`),
    );
    const full = { ...evidence, facts: [...evidence.facts, ...noise] };
    server = await startModelServer(completion(unsure([OLDER])), completion(goodAnswer()));
    const model = createOpenRouterClient({
      apiKey: "sk-test-0123456789",
      baseURL: server.url,
      models: ["m"],
    });

    await diagnoseWithModel(
      { alert, evidence: full },
      {
        model,
        followUp: {
          readMore: async () => ({ facts, gaps: [] }),
          room: () => ({ now: 0, roundMs: 0, budgetUsd: 1 }),
        },
      },
    );

    const texts = server.requests.map(({ body }) =>
      [...body.messages.map(({ content }) => content), JSON.stringify(body.response_format)].join(""),
    );
    for (const text of texts) expect(estimateTokens(text)).toBeLessThanOrEqual(INPUT_TOKENS + 50);
    for (const { id } of facts) expect(prompts()[1]).toMatch(new RegExp(`^${id} \\[`, "m"));
  });

  test.each([[[METRIC]], ["again"], [{}]])("again, %j: refused, and inconclusive", async (more) => {
    const { result, reads } = await ask([completion(unsure([METRIC])), completion(unsure(more))]);

    expect(reads).toHaveLength(1);
    expect(server?.requests).toHaveLength(2);
    expect(result.diagnosis).toMatchObject({ cause: "unknown", action: "none", confidence: 0, evidence: [] });
    expect(result.invalid).toContain("asked for more evidence again");
    expect(result.added?.facts).toEqual([added]);
  });

  test("more than three times over is read three times, and the same only once", async () => {
    const windows = ["3h", "24h", "same-hour-yesterday"].map((window) => ({ ...METRIC, window }));
    const { reads } = await ask([
      completion(unsure([METRIC, METRIC, ...windows, OLDER])),
      completion(goodAnswer()),
    ]);

    expect(reads[0]).toHaveLength(3);
    expect(new Set(reads[0]?.map((one) => JSON.stringify(one))).size).toBe(3);
  });

  test.each([
    [[{ read: "log-pattern", pattern: "?ERROR -filter" }], "log patterns that do not exist"],
    [[{ read: "log-pattern", pattern: "E1" }], "log patterns that do not exist"],
    [[{ read: "log-pattern", pattern: "E99" }], "log patterns that do not exist"],
    [[{ read: "shell", command: "rm -rf /" }], "more[0]"],
    [[{ ...METRIC, role: "AWS/Billing" }], "more[0]"],
    [[{ ...METRIC, role: "task-memory" }], "more[0]"],
    [[{ ...METRIC, window: "1y" }], "more[0]"],
    [[{ read: "older-window", minutes: 100_000 }], "more[0]"],
    [[{ ...OLDER, group: "/ecs/other" }], 'keys that were not asked for: "group"'],
    ["everything", "more"],
    [{ read: "metric" }, "more"],
  ])("%j: nonsense is not read; one answer without it is asked for", async (more, problem) => {
    const { result, reads } = await ask([completion(unsure(more)), completion(goodAnswer())]);

    expect(reads).toEqual([]);
    expect(result.diagnosis.cause).toBe("oom-kill");
    expect(prompts()[1]).toContain(problem);
    expect(schemas()[1]).not.toContain('"older-window"');
  });

  test("nonsense twice is inconclusive", async () => {
    const more = [{ read: "log-pattern", pattern: "E99" }];

    const { result, reads } = await ask([completion(unsure(more)), completion(unsure(more))]);

    expect(reads).toEqual([]);
    expect(result.diagnosis).toMatchObject({ cause: "unknown", action: "none", confidence: 0 });
    expect(server?.requests).toHaveLength(2);
  });

  test.each([
    ["budget", { budgetUsd: 0.01 }, "model budget"],
    ["time", { deadline: 60_000 }, "time left"],
  ])("too little %s: its first answer is told, without an action", async (_name, room, reason) => {
    const sure = goodAnswer({ more: [METRIC] });

    const { result, reads } = await ask([completion(sure)], { room });

    expect(reads).toEqual([]);
    expect(server?.requests).toHaveLength(1);
    expect(result.diagnosis).toMatchObject({ cause: "oom-kill", action: "none", confidence: 0.5 });
    expect(result.diagnosis.missing[0]).toContain(reason);
  });

  test("a read that fails is told as a gap, and the second answer counts", async () => {
    const gap = { source: "more-metric", code: "aws-throttled", message: "Rate exceeded", important: false };

    const { result } = await ask([completion(unsure([METRIC])), completion(goodAnswer())], {
      more: { facts: [], gaps: [gap] },
    });

    expect(result.diagnosis.cause).toBe("oom-kill");
    expect(result.added).toEqual({ facts: [], gaps: [gap] });
    expect(prompts()[1]).toContain("- more-metric: aws-throttled");
    expect(prompts()[1]).toContain("none of it has data");
  });

  test("a server that fails the second time leaves the first answer, without its action", async () => {
    const { result } = await ask([completion(goodAnswer({ more: [METRIC] })), httpError(402, "no credit")]);

    expect(result.diagnosis).toMatchObject({ cause: "oom-kill", action: "none", confidence: 0.5 });
    expect(result.diagnosis.missing[0]).toContain("asking again failed");
    expect(result.usage.calls).toBe(2);
  });

  test("an unusable second answer is asked for once more: three questions at the most", async () => {
    const { result } = await ask([
      completion(unsure([METRIC])),
      completion(goodAnswer({ action: "reboot" })),
      completion(goodAnswer({ action: "reboot" })),
    ]);

    expect(server?.requests).toHaveLength(3);
    expect(result.invalid).toContain('action "reboot"');
    expect(result.usage.calls).toBe(3);
  });
});

test.each([[null], [[]], [undefined]])("more: %j asks for nothing", async (more) => {
  const { result, reads } = await ask([completion(goodAnswer({ more }))]);

  expect(result.diagnosis.cause).toBe("oom-kill");
  expect(reads).toEqual([]);
  expect(server?.requests).toHaveLength(1);
});
