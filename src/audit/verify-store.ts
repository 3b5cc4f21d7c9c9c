/** The check of a whole store: trail, seals, and what is kept beside the events. */

import type { ActionRecord } from "../domain/action-record.ts";
import { BRAKE_TRAIL } from "../domain/brake.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { AuditEntry } from "../domain/incident/audit.ts";
import type { NotedHead } from "../domain/incident/audit-seal.ts";
import type { IncidentSummary } from "../domain/incident/incident-summary.ts";
import type { Judgement } from "../domain/incident/judgement.ts";
import { POLICY_TRAIL } from "../domain/policy-version.ts";
import type { IncidentStore } from "../domain/ports.ts";
import { checkActions, checkUnknownActions } from "./beside/actions.ts";
import { checkApprovals, checkOpenQuestions } from "./beside/approvals.ts";
import { checkBrake } from "./beside/brake.ts";
import { readHistory } from "./beside/incident-events.ts";
import { checkJudgements } from "./beside/judgements.ts";
import { checkPolicyVersions } from "./beside/policy-versions.ts";
import { checkRecord } from "./beside/records.ts";
import { createSealCheck, type SealVerdict } from "./check-seals.ts";
import type { Finding } from "./finding.ts";
import { type TrailVerdict, verifyTrail } from "./verify-trail.ts";

/** What the check goes by, beside the store. */
export interface Known {
  /** A head that was noted earlier. */
  readonly head?: string | undefined;
  /** Public keys as PEM. */
  readonly publicKeys: readonly string[];
  /** Why the configured key could not be read; undefined where it could, or none is configured. */
  readonly keyProblem?: string | undefined;
  /** Seals that were published or noted outside the store. */
  readonly noted: readonly NotedHead[];
  /** ISO 8601. */
  readonly now: string;
}

/**
 * `whole`: everything fits, and a seal with a good signature stands for it up to `seals.newest`. `broken`, `unsealed` and
 * `head-missing` as of the trail; `differs`: a seal, or something beside the events, does not fit; `unproven`: nothing
 * contradicts, but seals could not be checked; `not-keyed`: nothing contradicts, and there is no seal.
 */
export interface StoreVerdict {
  readonly outcome: TrailVerdict["outcome"] | "differs" | "unproven" | "not-keyed";
  readonly trail: TrailVerdict;
  readonly seals: SealVerdict;
  readonly findings: readonly Finding[];
  /** Incidents whose record no event made: of before events were kept, or put in. */
  readonly older: number;
  readonly keyProblem: string | undefined;
}

const PAGE = 200;
/** Far more than were ever published. */
const MOST_POLICIES = 1_000_000;
const BEGINNING = new Date(0).toISOString();

/** Reads all of the store. Throws `store-failed` where it cannot be read. */
export async function verifyStore(store: IncidentStore, known: Known): Promise<StoreVerdict> {
  const seals = createSealCheck(store, known.publicKeys, known.noted);
  const seen = createTrailIndex();
  const trail = await verifyTrail(store, known.head, async (entries) => {
    await seals.visit(entries);
    seen.take(entries);
  });
  const base = { trail, keyProblem: known.keyProblem };
  if (trail.outcome === "broken") {
    return { ...base, outcome: "broken", seals: NO_SEALS, findings: [], older: 0 };
  }
  const sealed = await seals.end(trail.entries);
  const beside = await checkBeside(store, seen, known.now);
  const findings = [...sealed.findings, ...beside.findings];
  return {
    ...base,
    outcome: outcomeOf(trail, sealed, findings, known),
    seals: sealed,
    findings,
    older: beside.older,
  };
}

const NO_SEALS: SealVerdict = { findings: [], first: undefined, newest: undefined, good: 0, unknownKeys: [] };

function outcomeOf(
  trail: TrailVerdict,
  { good, unknownKeys }: SealVerdict,
  findings: readonly Finding[],
  { keyProblem }: Known,
): StoreVerdict["outcome"] {
  if (trail.outcome !== "whole") return trail.outcome;
  if (findings.length > 0) return "differs";
  if (unknownKeys.length === 0 && good === 0) return "not-keyed";
  return unknownKeys.length > 0 || keyProblem !== undefined ? "unproven" : "whole";
}

/** What the trail names, gathered while it is read. */
function createTrailIndex() {
  const incidents = new Set<string>();
  const older = new Set<string>();
  const [brake, policy]: [AuditEntry[], AuditEntry[]] = [[], []];
  let eventsSince: string | undefined;
  return {
    incidents,
    older,
    brake,
    policy,
    eventsSince: () => eventsSince,
    take(entries: readonly AuditEntry[]) {
      for (const entry of entries) {
        if (entry.incidentId === BRAKE_TRAIL) brake.push(entry);
        else if (entry.incidentId === POLICY_TRAIL) policy.push(entry);
        else if (entry.digest === undefined) older.add(entry.incidentId);
        else {
          incidents.add(entry.incidentId);
          if (eventsSince === undefined || entry.at < eventsSince) eventsSince = entry.at;
        }
      }
    },
  };
}

async function checkBeside(
  store: IncidentStore,
  seen: ReturnType<typeof createTrailIndex>,
  now: string,
): Promise<{ readonly findings: readonly Finding[]; readonly older: number }> {
  const { incidents } = seen;
  const beside = await readBeside(store);
  const { listed, bookings } = beside;
  const findings: Finding[] = [];
  const suspects: string[] = [];
  for (const id of incidents) {
    if ((await checkIncident(id, beside, seen, store)).length > 0) suspects.push(id);
  }
  // Of a store that is in use something may have come between two reads: what does not fit is read once more.
  if (suspects.length > 0) {
    const again = await readBeside(store);
    for (const id of suspects) findings.push(...(await checkIncident(id, again, seen, store)));
  }
  const all: ActionRecord[] = [...bookings.values()].flat();
  const known = new Set([...incidents, ...seen.older, ...listed.keys()]);
  findings.push(
    ...checkUnknownActions(known, all),
    ...(await checkOpenQuestions(known, store)),
    ...checkBrake(
      await store.pauses(now),
      [...seen.brake, ...(await store.entriesOf(BRAKE_TRAIL)).slice(seen.brake.length)],
      now,
    ),
    ...checkPolicyVersions(await store.policyVersions(MOST_POLICIES), [
      ...seen.policy,
      ...(await store.entriesOf(POLICY_TRAIL)).slice(seen.policy.length),
    ]),
  );
  return { findings, older: [...listed.keys()].filter((id) => !incidents.has(id)).length };
}

interface Beside {
  readonly listed: ReadonlyMap<string, IncidentSummary>;
  readonly bookings: ReadonlyMap<string, readonly ActionRecord[]>;
  readonly said: ReadonlyMap<string, readonly Judgement[]>;
}

async function readBeside(store: IncidentStore): Promise<Beside> {
  return {
    listed: await listedSummaries(store),
    bookings: Map.groupBy(await store.actionsSince(BEGINNING), ({ incidentId }) => incidentId),
    said: Map.groupBy(await store.judgements(), ({ incidentId }) => incidentId),
  };
}

async function checkIncident(
  id: string,
  { listed, bookings, said }: Beside,
  seen: ReturnType<typeof createTrailIndex>,
  store: IncidentStore,
): Promise<Finding[]> {
  try {
    const history = await readHistory(id, store);
    return [
      ...(await checkRecord(history, listed.get(id), store)),
      ...(await checkApprovals(history, store)),
      ...checkActions(history, bookings.get(id) ?? []),
      ...checkJudgements(history, said.get(id) ?? [], seen.eventsSince()),
    ];
  } catch (fault) {
    return [{ about: "record", id, problem: `it cannot be read: ${asOpsAgentError(fault).message}` }];
  }
}

async function listedSummaries(store: IncidentStore): Promise<ReadonlyMap<string, IncidentSummary>> {
  const found = new Map<string, IncidentSummary>();
  for (let after: string | undefined; ; ) {
    const page = await store.summaries({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const summary of page.summaries) found.set(summary.id, summary);
    if (page.next === undefined) return found;
    after = page.next;
  }
}
