import { describe, expect, it } from "vitest";
import { diagnosisOf, logs, packOf } from "../../../test/samples/facts.ts";
import type { ModelUsage } from "../../domain/diagnosis.ts";
import { ModelError } from "../../domain/model-error.ts";
import type { ModelClient, ModelRequest } from "../ports.ts";
import { explain } from "./explain.ts";

const LINE = "POST http://10.0.3.7:44947/reservations: connect ECONNREFUSED";
const USAGE: ModelUsage = {
  model: "a-model",
  calls: 1,
  inputTokens: 10,
  outputTokens: 5,
  costUsd: 0.01,
  milliseconds: 7,
};
const ANSWER = {
  cause: "Reservations at 10.0.3.7:44947 refuse connections.",
  impact: "Not known.",
  nextSteps: ["Look whether the reservation service runs."],
  quotes: [LINE, "no such line stands anywhere"],
  question: "",
};

const log = logs("connection-refused");
const evidence = packOf([
  log.kind === "log-pattern"
    ? {
        ...log,
        statement: `40 × error: ${log.data.template}`,
        data: {
          ...log.data,
          lines: [LINE, "a second wording"],
          rootCauses: [{ text: "Error: connect ECONNREFUSED", template: "x", count: 2 }],
          frame: "reserve (reserve.js:10)",
        },
      }
    : log,
]);

const input = {
  service: "shop",
  evidence,
  diagnosis: diagnosisOf({ cause: "dependency-down", rootCause: "a dependency refuses" }),
  language: "Deutsch",
};
const room = { now: 0, deadline: undefined, roundMs: 1, budgetUsd: 0.5 };

function asking(answer: unknown, given: Partial<Parameters<typeof explain>[1]> = {}) {
  const requests: ModelRequest[] = [];
  const model: ModelClient = {
    ask: async (request) => {
      requests.push(request);
      if (answer instanceof Error) throw answer;
      return { text: typeof answer === "string" ? answer : JSON.stringify(answer), usage: USAGE };
    },
  };
  return { requests, explained: explain(input, { model, room, ...given }) };
}

describe("the question", () => {
  it("has the real words inside its fence, every wording, cause and frame, and the team's language", async () => {
    const { requests, explained } = asking(ANSWER);
    await explained;
    const { system = "", user = "" } = requests[0] ?? {};
    const [, inside = ""] = user.split(/<<<DATA [0-9a-f]{24} evidence\n/);

    // People know their own addresses, a model does not.
    const hidden = LINE.replace("10.0.3.7", "[redacted:ipv4]");
    for (const words of [
      hidden,
      "a second wording",
      "Error: connect ECONNREFUSED",
      "reserve (reserve.js:10)",
    ])
      expect(inside).toContain(words);
    expect(system).toContain("Write in Deutsch");
    expect(system).not.toContain("shop");
    expect(user.slice(0, user.indexOf("<<<DATA"))).not.toContain("shop");
  });

  it("stays below 6 000 tokens however much was seen", async () => {
    const many = packOf(Array.from({ length: 400 }, () => evidence.facts[0] ?? log));
    const requests: ModelRequest[] = [];
    const model: ModelClient = {
      ask: async (request) => {
        requests.push(request);
        return { text: "", usage: USAGE };
      },
    };
    await explain({ ...input, evidence: many }, { model, room });
    const { system = "", user = "", schema } = requests[0] ?? {};

    expect((system.length + user.length + JSON.stringify(schema).length) / 3.5).toBeLessThan(6_000);
    expect(user.length).toBeGreaterThan(12_000);
  });
});

describe("the answer", () => {
  it("keeps the quotes that stand in the evidence, and counts the others", async () => {
    const { explanation, model } = await asking(ANSWER).explained;

    expect(explanation).toEqual({
      cause: ANSWER.cause,
      impact: ANSWER.impact,
      nextSteps: ANSWER.nextSteps,
      quotes: [LINE],
      droppedQuotes: 1,
      by: "a-model",
    });
    expect(model).toEqual(USAGE);
  });

  it("gives people a quote with the addresses that the model did not see", async () => {
    const { explanation } = await asking({
      ...ANSWER,
      quotes: [LINE.replace("10.0.3.7", "[redacted:ipv4]")],
    }).explained;

    expect(explanation?.quotes).toEqual([LINE]);
  });

  it("quotes nothing so short that it stands anywhere", async () => {
    const { explanation } = await asking({ ...ANSWER, quotes: ["connect", "connect ECONN"] }).explained;

    expect(explanation).toMatchObject({ quotes: ["connect ECONN"], droppedQuotes: 1 });
  });

  it("is bounded, on one line, and without secrets", async () => {
    const { explanation } = await asking({
      ...ANSWER,
      cause: `the password=hunter22 of\nthe \u202edatabase ${"x".repeat(900)}`,
      nextSteps: ["a", "b", "c", "d", "e"],
      question: "Was the key rotated?",
    }).explained;

    expect(explanation?.cause).toMatch(/^the password=\[redacted:password\] of the database x+…$/);
    expect(explanation?.cause.length).toBeLessThanOrEqual(400);
    expect(explanation?.nextSteps).toEqual(["a", "b", "c", "d"]);
    expect(explanation?.question).toBe("Was the key rotated?");
  });
});

describe("a model that does not help", () => {
  it.each([
    ["prose", "I think it is the database."],
    ["another form", { root: "x" }],
    ["no cause", { ...ANSWER, cause: "" }],
  ])("answers with %s: only its cost is kept", async (_name, answer) => {
    expect(await asking(answer).explained).toEqual({ model: USAGE });
  });

  it("fails silently, its cost with those of the questions before", async () => {
    const error = new ModelError({ code: "model-timeout", message: "late", remedy: "", usage: USAGE });

    expect(await asking(error, { used: USAGE }).explained).toMatchObject({
      model: { calls: 2, costUsd: 0.02 },
    });
    expect(await asking(new Error("broken")).explained).toEqual({});
  });

  it.each([
    ["is asked while the budget lasts", 0.025, 1],
    ["is not asked where its question could cost more than is left", 0.0249, 0],
  ])("%s", async (_name, budgetUsd, asked) => {
    const { requests, explained } = asking(ANSWER, { used: USAGE, room: { ...room, budgetUsd } });
    await explained;

    expect(requests).toHaveLength(asked);
  });
});
