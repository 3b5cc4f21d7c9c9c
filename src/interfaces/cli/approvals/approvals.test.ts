import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PLANS, scaleQuestion } from "../../../../test/samples/approvals.ts";
import { at } from "../../../../test/samples/evidence.ts";
import { type ApprovalDesk, answersOf, openDesk } from "../../../../test/support/approval-desk.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import { Policy } from "../../../domain/policy.ts";
import { type ApprovalWorld, addApprovalCommands } from "./approvals.ts";

const question = scaleQuestion();
const short = question.planHash.slice(0, 8);
const incident = question.incidentId;

let desk: ApprovalDesk;
let out: string;
let err: string;
/** What the person at the terminal says; undefined: there is no terminal. */
let says: boolean | undefined;
let asked: number;

beforeEach(async () => {
  desk = openDesk();
  await desk.store.ask(question);
  [out, err, says, asked] = ["", "", undefined, 0];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    err += String(chunk);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  desk.store.close();
});

async function run(...argv: string[]): Promise<number | undefined> {
  const answer = says;
  const world: ApprovalWorld = {
    withAgent: (work) => work({ store: desk.store, approvals: answersOf(desk) }),
    confirm:
      answer === undefined
        ? undefined
        : async () => {
            asked++;
            return answer;
          },
    userName: () => "ann",
    now: desk.now,
  };
  let code: number | undefined;
  const program = new Command().exitOverride();
  addApprovalCommands(
    program,
    (given) => {
      code = given;
    },
    world,
  );
  await program.parseAsync(argv, { from: "user" });
  return code;
}

const answerOf = async (id = question.id) => (await desk.store.approval(id))?.answer;
const usageError = async (...argv: string[]) => {
  const error = await run(...argv).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpsAgentError);
  return error as OpsAgentError;
};

describe("approvals", () => {
  it("lists what waits with what `approve` needs", async () => {
    const code = await run("approvals");

    expect(code).toBe(0);
    expect(out).toContain(`${incident}  --plan ${short}  P2  scale from 2 to 4 tasks on payment-service`);
    expect(out).toContain("2026-11-23 07:30:00 UTC, in 29 min");
  });

  it("prints JSON without what wakes the incident", async () => {
    await run("approvals", "--json");

    expect(JSON.parse(out)).toMatchObject([{ id: question.id, planHash: question.planHash }]);
    expect(out).not.toContain(question.callbackId);
  });

  it("says when nothing waits", async () => {
    await desk.store.answer(question.id, question.planHash, { verdict: "denied", at: at(1) });

    await run("approvals");

    expect(out).toBe("Nothing waits for an answer.\n");
  });
});

describe("on a terminal", () => {
  it("shows the exact change, asks, and records a yes", async () => {
    says = true;

    const code = await run("approve", incident, "--note", "seen");

    expect(code).toBe(0);
    expect(err).toContain("Change       scale from 2 to 4 tasks on production/payment-service");
    expect(err).toContain(`Plan         ${short}`);
    const by = { channel: "cli", id: "ann" };
    expect(await answerOf()).toEqual({ verdict: "approved", at: at(60), by, note: "seen" });
    expect(desk.resumed).toHaveLength(1);
    expect(out).toContain("Follow it with");
  });

  it.each(["approve", "deny"])("%s records nothing on a no", async (command) => {
    says = false;

    const code = await run(command, incident);

    expect(code).toBe(1);
    expect(await answerOf()).toBeUndefined();
    expect(err).toContain("Nothing was answered");
  });

  it("does not ask with --yes", async () => {
    says = false;

    const code = await run("approve", question.id, "--yes", "--by", "bob");

    expect([code, asked]).toEqual([0, 0]);
    expect(await answerOf()).toMatchObject({ by: { id: "bob" } });
  });
});

describe("without a terminal", () => {
  it.each([[[]], [["--yes"]]])("approves nothing that is not named: %j", async (flags) => {
    const error = await usageError("approve", incident, ...flags);

    expect(error.code).toBe("config-invalid");
    expect(error.remedy).toContain("--plan");
    expect(await answerOf()).toBeUndefined();
  });

  it.each([short.slice(0, 7), "zzzzzzzz", `${question.planHash}0`])("takes no plan like %s", async (plan) => {
    const error = await usageError("approve", incident, "--plan", plan);

    expect(error.code).toBe("config-invalid");
    expect(await answerOf()).toBeUndefined();
  });

  it("approves the named plan", async () => {
    const code = await run("approve", incident, "--plan", short.toUpperCase(), "--json");

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      outcome: "recorded",
      approval: { answer: { verdict: "approved" } },
    });
    expect(out).not.toContain(question.callbackId);
  });

  it("denies without a plan: a no changes nothing", async () => {
    const code = await run("deny", incident);

    expect(code).toBe(0);
    expect(await answerOf()).toMatchObject({ verdict: "denied" });
  });

  it("refuses a plan that is not in question", async () => {
    const code = await run("approve", incident, "--plan", "f".repeat(8), "--json");

    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ outcome: "other-plan" });
    expect(await answerOf()).toBeUndefined();
  });
});

describe("which question", () => {
  const other = scaleQuestion({ id: "1".repeat(20), plan: PLANS.restart, requestedAt: at(5) });

  it("is not guessed where two wait", async () => {
    await desk.store.ask(other);

    const code = await run("deny", incident);

    expect(code).toBe(1);
    expect(err).toContain(question.id);
    expect(err).toContain(other.id);
    expect(await desk.store.unanswered()).toHaveLength(2);
  });

  it("is found by its plan where two wait", async () => {
    await desk.store.ask(other);

    const code = await run("approve", incident, "--plan", short);

    expect(code).toBe(0);
    expect(await answerOf(other.id)).toBeUndefined();
    expect(await answerOf()).toMatchObject({ verdict: "approved" });
  });

  it("is said to be unknown", async () => {
    const code = await run("deny", "inc-nothing\u001b[31m");

    expect(code).toBe(1);
    expect(err).toContain("`opsagent approvals` lists those that wait");
    expect(err).not.toContain("\u001b");
  });
});

it.each([
  [
    "answered before",
    60,
    async () =>
      void (await desk.store.answer(question.id, question.planHash, { verdict: "denied", at: at(1) })),
    /Already denied/,
    // A crash may have kept the incident from learning of the first answer.
    ["denied"],
  ],
  ["past its deadline", 1_801, async () => {}, /no answer until then means no/, []],
])("refuses a question %s", async (_, second, before, words, resumed) => {
  await before();
  desk.second = second;

  const code = await run("approve", incident, "--plan", short);

  expect(code).toBe(1);
  expect(err).toMatch(words);
  expect(desk.resumed.map(({ verdict }) => verdict)).toEqual(resumed);
});

it("refuses a name that is not on the policy's list", async () => {
  desk.store.close();
  desk = openDesk(Policy.parse({ approvals: { cliUsers: ["bob"] } }));
  await desk.store.ask(question);

  const code = await run("approve", incident, "--plan", short);

  expect(code).toBe(1);
  expect(err).toContain("ann may not answer");
  expect(await answerOf()).toBeUndefined();
});

it("shows nothing that could move the cursor or forge a line", async () => {
  says = false;
  await desk.store.ask(
    scaleQuestion({
      id: "3".repeat(20),
      incidentId: "inc-evil",
      rootCause: "x\n\u001b[2AChange       nothing\r",
    }),
  );

  await run("approve", "inc-evil");

  expect(err).not.toContain("\u001b");
  expect(err).not.toContain("\r");
  expect(err.split("\n").filter((line) => line.startsWith("Change"))).toHaveLength(1);
});
