/** What pages and JSON API read, in one place: both say the same. */
import type { Approval } from "../../../domain/approval.ts";
import type { AuditEntry } from "../../../domain/incident/audit.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type IncidentSummary, ListedAs } from "../../../domain/incident/incident-summary.ts";
import type { Mode, Policy } from "../../../domain/policy.ts";
import type { PolicyState } from "../../../domain/policy-state.ts";
import type { IncidentStore } from "../../../domain/ports.ts";
import { costReport } from "../../../reporting/overview/cost-report.ts";
import { earlierAlike } from "../../../reporting/overview/earlier-alike.ts";
import { incidentsSince } from "../../../reporting/overview/scored-incidents.ts";
import { servicesOverview } from "../../../reporting/overview/service-overview.ts";
import { summariesSince } from "../../../reporting/overview/summaries-since.ts";
import { scorecard } from "../../../reporting/scorecard/scorecard.ts";

export type DashboardStore = Pick<
  IncidentStore,
  | "get"
  | "list"
  | "summaries"
  | "open"
  | "approvalsOf"
  | "unanswered"
  | "entries"
  | "entriesOf"
  | "eventsOf"
  | "actionsSince"
  | "judgements"
  | "pauses"
>;

export interface ReadingDependencies {
  readonly store: DashboardStore;
  /** As the server was started with; what holds where there is no `policyState`. */
  readonly policy: Policy;
  /** The policy of now. */
  readonly policyState?: (() => Promise<PolicyState>) | undefined;
  /** OPSAGENT_MODE. */
  readonly ceiling: Mode;
  readonly cluster: string | undefined;
  readonly diagnoser: "rules" | "model";
  readonly now: () => Date;
}

export const DAYS = 30;
export const PAGE_SIZE = 50;
const DAY_MS = 24 * 3_600_000;

/** Incidents that figures are made of, the newest of their time; a page says where there were more. */
export const MOST = 10_000;

/** The scorecard reads whole records, which takes about a millisecond each. */
const MOST_SCORED = 2_000;

/** Figures over many incidents are not made anew for each look. Milliseconds. */
const KEPT_MS = 5_000;

const STATUSES = ListedAs.options.filter((status) => status !== "note");

export interface ListQuery {
  readonly status?: string | undefined;
  readonly service?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number;
}

export interface IncidentView {
  readonly incident: Incident;
  readonly approvals: readonly Approval[];
  readonly trail: readonly AuditEntry[];
  readonly earlier: readonly IncidentSummary[];
}

/** Every method throws `store-failed`. */
export function createReading(deps: ReadingDependencies) {
  const { store, now } = deps;
  const since = (days: number) => new Date(now().getTime() - days * DAY_MS).toISOString();

  const recent = keptFor(KEPT_MS, now, () => summariesSince(store, { since: since(DAYS), most: MOST }));

  return {
    recent,

    incidents: async ({ status, service, after, limit = PAGE_SIZE }: ListQuery) => {
      const wanted = ListedAs.options.filter((one) => one === status);
      const listedAs = wanted.length > 0 ? wanted : STATUSES;
      return store.summaries({
        limit,
        listedAs,
        ...(service ? { service } : {}),
        ...(after ? { after } : {}),
      });
    },

    waiting: async () =>
      (await store.unanswered()).filter(({ deadline }) => Date.parse(deadline) > now().getTime()),

    incident: async (id: string): Promise<IncidentView | undefined> => {
      const incident = await store.get(id);
      if (incident === undefined) return undefined;
      const [approvals, trail, earlier] = await Promise.all([
        store.approvalsOf(id),
        store.entriesOf(id),
        earlierAlike(store, incident),
      ]);
      return { incident, approvals, trail, earlier };
    },

    services: async () => {
      const { summaries, complete } = await recent();
      const actions = await store.actionsSince(since(7));
      const at = now().toISOString();
      const [policy, pauses] = await Promise.all([
        deps.policyState?.().then((state) => state.policy),
        store.pauses(at),
      ]);
      const services = servicesOverview({
        ...deps,
        policy: policy ?? deps.policy,
        pauses,
        summaries,
        actions,
        at,
      });
      return { services, complete };
    },

    cost: async () => {
      const { summaries, complete, since: from } = await recent();
      return { since: from, complete, ...costReport(summaries) };
    },

    scorecard: keptFor(60_000, now, async () => {
      const from = since(DAYS);
      const incidents = await incidentsSince(store, from, MOST_SCORED);
      const complete = incidents.length < MOST_SCORED;
      return {
        since: from,
        complete,
        rows: scorecard(incidents, await store.judgements(), now().toISOString()),
      };
    }),
  };
}

/**
 * The value of the last call while it is young; calls at the same time share one. What took long to make is kept for
 * longer, so that at most a twentieth of the time goes into it. A fault is not kept.
 */
function keptFor<T>(milliseconds: number, now: () => Date, make: () => Promise<T>): () => Promise<T> {
  let kept: { until: number; readonly value: Promise<T> } | undefined;
  return () => {
    const at = now().getTime();
    if (kept !== undefined && at < kept.until) return kept.value;
    const began = performance.now();
    const value = make();
    const mine = { until: Number.POSITIVE_INFINITY, value };
    kept = mine;
    value.then(
      () => {
        const took = performance.now() - began;
        mine.until = now().getTime() + Math.max(milliseconds, took * 20);
      },
      () => {
        if (kept === mine) kept = undefined;
      },
    );
    return value;
  };
}
