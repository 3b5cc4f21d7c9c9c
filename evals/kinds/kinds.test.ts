import { beforeAll, describe, expect, it } from "vitest";
import { useStubCredentials } from "../recorded/gather.ts";
import { answer, listInputs } from "./kinds.ts";
import { KNOWN_WRONG } from "./known-wrong.ts";
import { runService } from "./run-service.ts";
import type { ServiceInput } from "./types.ts";

beforeAll(useStubCredentials);

const inputs = listInputs();
const isWrong = new Set(KNOWN_WRONG);

describe("each kind", () => {
  it("has its public case and at least three further inputs, each with a source and a name of its own", () => {
    const perKind = Map.groupBy(inputs, ({ kind }) => kind);
    const further = [...perKind.values()].map(
      (list) => list.filter(({ input }) => !input.name.startsWith("public: ")).length,
    );

    expect(perKind.size).toBe(16);
    expect(Math.min(...further)).toBeGreaterThanOrEqual(3);
    expect([...perKind.values()].every(([first]) => first?.input.name.startsWith("public: "))).toBe(true);
    expect(inputs.filter(({ input }) => input.source === "" || input.right === "")).toEqual([]);
    expect(new Set(inputs.map(({ id }) => id)).size).toBe(inputs.length);
  });

  it("lists as wrong only inputs that there are", () => {
    const ids = new Set(inputs.map(({ id }) => id));

    expect(KNOWN_WRONG.filter((id) => !ids.has(id))).toEqual([]);
  });
});

/** The stories that are told right without any input, so that what an input changes is the input's. */
describe("without any input over it", () => {
  it.each([
    ["traffic-spike", "traffic-spike", "act scale"],
    ["traffic-spike-on-hosts", "traffic-spike", "act scale"],
    ["one-hangs", "hung-task", "act restart"],
    ["one-hangs-on-hosts", "hung-task", "act restart"],
    ["short-of-one", "unknown", "decline none"],
    ["replaced-tasks", "unknown", "decline none"],
    ["failing", "unknown", "decline none"],
  ])("the story %s is %s: %s", async (story, cause, decided) => {
    const control: ServiceInput = { name: "control", source: "", right: "", story, expect: {} };
    const { diagnosis, decision } = (await runService(control)).verdict;

    expect(diagnosis.cause).toBe(cause);
    expect(`${decision.kind} ${decision.action}`).toBe(decided);
  });
});

describe("is right", () => {
  const right = inputs.filter(({ id }) => !isWrong.has(id));

  it.concurrent.each(right)("$id: $input.right", async ({ input }) => {
    const { wrongs, line } = await answer(input);

    expect({ wrongs, line }).toEqual({ wrongs: [], line });
  });
});

describe.runIf(KNOWN_WRONG.length > 0)("is still wrong, or should be taken off the list", () => {
  const wrong = inputs.filter(({ id }) => isWrong.has(id));

  it("names inputs that there are", () => {
    expect(wrong).toHaveLength(isWrong.size);
  });

  it.concurrent.each(wrong)("$id: $input.right", async ({ input }) => {
    const { wrongs, line } = await answer(input);

    expect({ wrongs: wrongs.length, line }).not.toEqual({ wrongs: 0, line });
  });
});
