/** A store, a recording callbackClient and a clock around the answering of questions. */
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { type ApprovalDependencies, createApprovals } from "../../src/approval/approvals.ts";
import { createBrakeControl } from "../../src/approval/brake-control.ts";
import type { CallbackClient } from "../../src/approval/ports.ts";
import { Policy } from "../../src/domain/policy.ts";
import type { IncidentStore, Logger } from "../../src/domain/ports.ts";
import { at } from "../samples/evidence.ts";
import { fixedPolicy } from "./fixed-policy.ts";

export interface ApprovalDesk extends ApprovalDependencies {
  readonly store: IncidentStore & { close(): void };
  readonly resumed: { readonly callbackId: string; readonly verdict: string }[];
  /** Everything that was logged, as JSON. */
  readonly logged: string[];
  /** Seconds after the question; the clock stands there. */
  second: number;
  /** What the callbackClient does next; `throw` breaks it. */
  waking: "completed" | "already-decided" | "unknown" | "throw";
}

export const ALLOWED_POLICY = Policy.parse({
  approvals: { slackUsers: ["U0ALLOWED1"], httpClients: ["pager"] },
});

export function openDesk(policy: Policy = ALLOWED_POLICY): ApprovalDesk {
  const store = createSqliteStore(":memory:");
  const resumed: { callbackId: string; verdict: string }[] = [];
  const logged: string[] = [];
  const log = (event: string, fields?: Record<string, unknown>) => {
    logged.push(JSON.stringify({ event, ...fields }));
  };
  const logger: Logger = { info: log, warn: log, error: log };
  const callbackClient: CallbackClient = {
    resume: async (callbackId, verdict) => {
      if (desk.waking === "throw") throw new Error("the database is locked");
      resumed.push({ callbackId, verdict });
      return desk.waking;
    },
  };
  const desk: ApprovalDesk = {
    store,
    book: store,
    events: store,
    callbackClient,
    policySource: fixedPolicy(policy),
    logger,
    logged,
    resumed,
    second: 60,
    waking: "completed",
    now: () => new Date(at(desk.second)),
  };
  return desk;
}

export const answersOf = (desk: ApprovalDesk) => createApprovals(desk);

export const brakeOf = (desk: ApprovalDesk) => createBrakeControl({ ...desk, brake: desk.store });
