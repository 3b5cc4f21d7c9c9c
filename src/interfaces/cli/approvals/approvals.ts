/** Questions that wait for a person, and their answers, on the command line. */
import type { Command } from "commander";
import { approvalView } from "../../../approval/approval-view.ts";
import type { AnswerResult } from "../../../approval/approvals.ts";
import type { Approval } from "../../../domain/approval.ts";
import { brakeLines, readBrakeState } from "../../../domain/brake-state.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { ApprovalBook } from "../../../domain/ports.ts";
import { tellBrake } from "../brake/tell-brake.ts";
import { EXIT } from "../exit-code.ts";
import { type Confirm, confirmHere, osUserName } from "../person.ts";
import { complain, print, printJson } from "../terminal.ts";
import { type AnsweringAgent, withAgent } from "../with-agent.ts";
import { describeApproval, plainLine, waitingLine } from "./approval-text.ts";

/** What these commands take from the world; a test gives its own. */
export interface ApprovalWorld {
  readonly withAgent: <T>(work: (agent: AnsweringAgent) => Promise<T>) => Promise<T>;
  /** Asks a yes/no question; undefined where nobody can be asked. */
  readonly confirm: Confirm | undefined;
  readonly userName: () => string;
  readonly now: () => Date;
}

interface AnswerFlags {
  readonly plan?: string;
  readonly by?: string;
  readonly note?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const SHORTEST_PLAN = 8;

/** Adds `approvals`, `approve` and `deny`. Exit codes: 0 recorded, 1 refused, 2 usage. */
export function addApprovalCommands(
  program: Command,
  exit: (code: number) => void,
  world: ApprovalWorld = terminalWorld(),
): void {
  program
    .command("approvals")
    .description("list the questions that wait for a person, oldest first")
    .option("--json", "print JSON")
    .action(async (flags: { json?: boolean }) => exit(await listCommand(flags, world)));
  const answers = [
    ["approve", "approved", "let OpsAgent make one exact change that it asked about"],
    ["deny", "denied", "keep OpsAgent from a change that it asked about"],
  ] as const;
  for (const [name, verdict, description] of answers) {
    program
      .command(`${name} <id>`)
      .description(`${description}; the id is an incident's or a question's`)
      .option("--plan <hash>", `the plan that is answered: at least ${SHORTEST_PLAN} characters of its hash`)
      .option("--by <name>", "who answers; the user of this machine unless given")
      .option("--note <text>", "a word on why, for the record")
      .option("--yes", "do not ask again")
      .option("--json", "print JSON")
      .action(async (id: string, flags: AnswerFlags) =>
        exit(await answerCommand({ id, verdict, ...flags }, world)),
      );
  }
}

async function listCommand({ json }: { json?: boolean }, world: ApprovalWorld): Promise<number> {
  const { waiting, brake } = await world.withAgent(async ({ store }) => ({
    waiting: await store.unanswered(),
    brake: await readBrakeState(store, world.now()),
  }));
  tellBrake(brakeLines(brake), { json });
  if (json) printJson(waiting.map(approvalView));
  else if (waiting.length === 0) print("Nothing waits for an answer.");
  for (const approval of json ? [] : waiting) print(waitingLine(approval, world.now()));
  return EXIT.done;
}

async function answerCommand(
  given: AnswerFlags & { readonly id: string; readonly verdict: "approved" | "denied" },
  world: ApprovalWorld,
): Promise<number> {
  const { verdict, json } = given;
  const plan = givenPlan(given.plan);
  // A script cannot have looked: it must name what it approves. A denial changes nothing.
  if (plan === undefined && verdict === "approved" && world.confirm === undefined) throw planMissing();
  const by = given.by ?? world.userName();
  return world.withAgent(async ({ store, approvals }) => {
    const approval = await choose(store, given.id, plan);
    if (approval === undefined) return refusedBeforehand(given.id, plan, await questionsOf(store, given.id));
    complain(describeApproval(approval, world.now()));
    const brake = await readBrakeState(store, world.now());
    for (const line of brakeLines(brake, approval.target)) complain(plainLine(line));
    const asked = given.yes ? undefined : world.confirm;
    if (
      asked !== undefined &&
      !(await asked(`${verdict === "approved" ? "Approve" : "Deny"} this? [y/N] `))
    ) {
      complain("Nothing was answered; the question still waits until its deadline.");
      return EXIT.failed;
    }
    const result = await approvals.answer({
      approvalId: approval.id,
      verdict,
      by: { channel: "cli", id: by },
      planHash: plan === undefined || approval.planHash.startsWith(plan) ? approval.planHash : plan,
      ...(given.note === undefined ? {} : { note: given.note }),
    });
    tell(result, json);
    return result.outcome === "recorded" ? EXIT.done : EXIT.failed;
  });
}

/** The questions that an id stands for, newest first. */
async function questionsOf(book: ApprovalBook, id: string): Promise<readonly Approval[]> {
  const approval = await book.approval(id);
  return approval === undefined ? book.approvalsOf(id) : [approval];
}

/**
 * The one question that is meant: among those of the named plan, or else among all, the only one that waits, or the
 * newest. Undefined for none, and where several wait.
 */
async function choose(
  book: ApprovalBook,
  id: string,
  plan: string | undefined,
): Promise<Approval | undefined> {
  const all = await questionsOf(book, id);
  const named = plan === undefined ? [] : all.filter((approval) => approval.planHash.startsWith(plan));
  const among = named.length > 0 ? named : all;
  const waiting = among.filter((approval) => approval.answer === undefined);
  return waiting.length > 1 ? undefined : (waiting[0] ?? among[0]);
}

function refusedBeforehand(id: string, plan: string | undefined, all: readonly Approval[]): number {
  if (all.length === 0) {
    complain(`There is no question of "${plainLine(id)}". \`opsagent approvals\` lists those that wait.`);
    return EXIT.failed;
  }
  const ids = all.filter(({ answer }) => answer === undefined).map((approval) => `  ${approval.id}`);
  complain(
    `Several questions of this incident wait${plan === undefined ? "" : " with this plan"}. Answer one by its own id:\n${ids.join("\n")}`,
  );
  return EXIT.failed;
}

function tell(result: AnswerResult, json: boolean | undefined): void {
  if (json) {
    const { outcome, message, remedy } = result;
    printJson({
      outcome,
      message,
      remedy,
      ...("approval" in result ? { approval: approvalView(result.approval) } : {}),
    });
  } else if (result.outcome === "recorded") print(plainLine(result.sentence));
  else complain(plainLine(result.sentence));
}

function givenPlan(plan: string | undefined): string | undefined {
  const hash = plan?.trim().toLowerCase();
  if (hash === undefined || new RegExp(`^[0-9a-f]{${SHORTEST_PLAN},64}$`).test(hash)) return hash;
  throw new OpsAgentError({
    code: "config-invalid",
    message: `--plan needs ${SHORTEST_PLAN} to 64 hexadecimal digits of the plan's hash.`,
    remedy: "`opsagent approvals` shows the hash of each plan.",
  });
}

function planMissing(): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message:
      "Without a terminal an approval must name its plan, so that no script approves what it has not seen.",
    remedy: "Look at `opsagent approvals --json`, then give --plan with the plan's hash.",
  });
}

function terminalWorld(): ApprovalWorld {
  return {
    withAgent,
    confirm: confirmHere(),
    userName: osUserName,
    now: () => new Date(),
  };
}
