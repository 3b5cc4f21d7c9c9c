import { beforeEach, describe, expect, it } from "vitest";
import type { GivenAnswer } from "../src/approval/answer.ts";
import type { Approval } from "../src/domain/approval.ts";
import { createOnCall, type OnCallOptions } from "./on-call.ts";
import type { View } from "./view.ts";

const question = { id: "question-1", incidentId: "inc-1", planHash: "0123456789abcdef" } as Approval;

let shown: string[];
let answers: GivenAnswer[];
let messages: { text: string }[];
let time: number;

beforeEach(() => {
  shown = [];
  answers = [];
  messages = [];
  time = 0;
});

function onCall({ outcome = "recorded", ...options }: Partial<OnCallOptions> & { outcome?: string } = {}) {
  const view: View = {
    line: (_who, text) => shown.push(text),
    status: () => {},
    block: (text) => shown.push(text),
  };
  const answer = async (given: GivenAnswer) => {
    answers.push(given);
    return { outcome, sentence: `it is ${outcome}` };
  };
  const agent = { store: { unanswered: async () => [question] }, approvals: { answer } };
  return createOnCall({
    agent: agent as unknown as OnCallOptions["agent"],
    messages,
    view,
    now: () => time,
    ...options,
  });
}

describe("the played person", () => {
  it("shows the message of the question, reads for two seconds and approves exactly that plan, once", async () => {
    const person = onCall();
    messages.push({ text: "another incident" }, { text: "May I roll back? opsagent approve inc-1" });

    await person.look();
    const early = answers.length;
    time = 2000;
    await person.look();
    await person.look();

    expect(shown.join("\n")).toContain("May I roll back?");
    expect(shown.join("\n")).not.toContain("another incident");
    expect(early).toBe(0);
    expect(answers).toEqual([
      {
        approvalId: "question-1",
        incidentId: "inc-1",
        verdict: "approved",
        by: { channel: "cli", id: "drill" },
        planHash: "0123456789abcdef",
      },
    ]);
  });

  it("does not answer what it has not been shown, until the message is overdue", async () => {
    const person = onCall();

    await person.look();
    time = 3000;
    await person.look();
    const unshown = answers.length;
    time = 6000;
    await person.look();

    expect(unshown).toBe(0);
    expect(shown.join("\n")).toContain("question-1");
    expect(answers).toHaveLength(1);
  });

  it("ends the drill when its answer is refused", async () => {
    const person = onCall({ outcome: "past-deadline" });
    messages.push({ text: "inc-1" });
    await person.look();
    time = 2000;

    await expect(person.look()).rejects.toThrow("it is past-deadline");
  });
});

it("a real person is told how to answer, and nobody answers instead", async () => {
  const person = onCall({ ask: { settings: "OPSAGENT_STORE='sqlite:x'" } });
  messages.push({ text: "inc-1" });

  await person.look();
  time = 60_000;
  await person.look();

  expect(shown.join("\n")).toContain("OPSAGENT_STORE='sqlite:x' ./opsagent approve inc-1 --plan 01234567");
  expect(answers).toEqual([]);
});
