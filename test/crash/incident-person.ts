/**
 * The person who answers, with a process of their own: `node incident-person.ts FOLDER VERDICT [KILL]`. Waits until
 * a question was put, answers it, and prints what came of that; repeated, the same question is answered again.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { AnswerKind } from "../../src/approval/answer.ts";
import { createApprovals } from "../../src/approval/approvals.ts";
import type { CallbackClient } from "../../src/approval/ports.ts";
import { Policy } from "../../src/domain/policy.ts";
import type { ApprovalBook, IncidentEvents } from "../../src/domain/ports.ts";
import { fixedPolicy } from "../support/fixed-policy.ts";
import { fastClock, fastNow } from "../support/small-world.ts";
import { fileLog, printAndExit } from "./incident-process.ts";
import { createKillPoints, type KillPoints, watchCommits } from "./kill-points.ts";

export const PERSON = { channel: "cli", id: "maria" } as const;

/** Waits for the question and answers it. Undefined when nothing was asked until `signal` ended the waiting. */
export async function answerWhenAsked(
  folder: string,
  verdict: "approved" | "denied",
  reach: KillPoints["reach"] = () => {},
  signal?: AbortSignal,
): Promise<AnswerKind | undefined> {
  const approvalId = await untilAsked(folder, signal);
  if (approvalId === undefined) return undefined;
  const store = createSqliteStore(join(folder, "store.db"));
  const engine = createDurableEngine<unknown, unknown>({
    database: join(folder, "executions.db"),
    workflow: async () => {
      throw new Error("The person runs no workflow.");
    },
    codeVersion: "person",
    clock: fastClock,
  });
  const around = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    reach("before", call);
    const value = await work();
    reach("after", call);
    return value;
  };
  const book: ApprovalBook = {
    ...store,
    answer: (...given) => around("book.answer", () => store.answer(...given)),
  };
  const events: IncidentEvents = {
    ...store,
    append: (all) => around("events.append", () => store.append(all)),
  };
  const callbackClient: CallbackClient = {
    resume: (callbackId, word) =>
      around("callbackClient.resume", () => engine.completeCallback(callbackId, JSON.stringify(word))),
  };
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  try {
    const planHash = (await store.approval(approvalId))?.planHash ?? "";
    const approvals = createApprovals({
      book,
      events,
      callbackClient,
      policySource: fixedPolicy(Policy.parse({})),
      now: fastNow,
      logger,
    });
    return await approvals.answer({ approvalId, verdict, by: PERSON, planHash });
  } finally {
    await engine.stop();
    store.close();
  }
}

async function untilAsked(folder: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const path = join(folder, "effects.log");
  while (signal?.aborted !== true) {
    const asked =
      existsSync(path) &&
      fileLog(path)
        .all()
        .find(({ what }) => what === "asked");
    if (asked) return asked.detail;
    await sleep(25);
  }
  return undefined;
}

if (import.meta.main) {
  const [, , folder = "", verdict = "", killAt = ""] = argv;
  const points = createKillPoints({ killAt, deaths: join(folder, "deaths-of-people.log") });
  watchCommits(points);
  const answer = await answerWhenAsked(folder, verdict === "denied" ? "denied" : "approved", points.reach);
  printAndExit({ answer, moments: points.moments });
}
