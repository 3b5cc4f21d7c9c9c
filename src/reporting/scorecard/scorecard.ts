/** The scorecard: how often an action was right, or would have been, as a basis for raising a mode. Pure. */
import type { Cause } from "../../domain/cause.ts";
import type { ActionResult } from "../../domain/incident/incident.ts";
import type { Judgement } from "../../domain/incident/judgement.ts";
import { type AlarmWatch, createAlarmWatch } from "./scorecard-alarms.ts";
import type { CaseTruth, ScoredCase, ScoredIncident } from "./scorecard-case.ts";
import { addTallies, type Tally, tallyOf } from "./scorecard-tally.ts";

export interface ScorecardRow {
  readonly cluster: string;
  readonly service: string;
  readonly cause: Cause;
  readonly action: ActionResult["action"];
  /** In mode observe: what would have been done, or asked for. */
  readonly wouldHave: Tally;
  readonly acted: Tally;
  readonly together: Tally;
  readonly advice: "ready for auto" | "keep watching";
  /** Oldest first. */
  readonly cases: readonly ScoredCase[];
}

/**
 * Fewer cases are not enough: with 20 of them, all right, the interval's lower end is just above {@link
 * MIN_LOWER_BOUND}.
 */
export const MIN_JUDGED = 20;

/**
 * The lower end of the interval that a mode needs, so that at least four of five actions are right. It is strict: 20
 * of 20 pass (0.84), 19 of 20 do not (0.76), 24 of 25 do (0.80).
 */
export const MIN_LOWER_BOUND = 0.8;

/** The limits of the scorecard, to be shown with it. */
export const SCORECARD_CAVEAT = [
  '"Right" is evidence for an action, not proof: what was not done cannot be known to have helped, and what was done',
  "may not have been needed. People who repair a service leave no trace here, unless they say so with `opsagent judge`.",
  "That trouble passed by itself is known only of alarms whose OK is sent to OpsAgent.",
].join(" ");

/**
 * One row for each service, cause and action that OpsAgent took, or would have taken in mode observe. The truth about a
 * case, in this order:
 *
 * 1. A person's newest judgement counts; `unclear` makes the case unknown. Of two of the same time, the worse.
 * 2. What was done is right if verification proved recovery, wrong if it saw no change or worse, else unknown. Where it
 *    is not known whether the action took place, recovery proves nothing.
 * 3. What would have been done was unneeded if the same alarm went OK within {@link PASSED_MINUTES} minutes and OpsAgent
 *    did nothing else on the service meanwhile. If the alarm fired again within {@link REFIRE_HOURS} hours, the fault
 *    persisted: right, if the rules saw the same cause both times and the action was for it, else unknown.
 *    An alarm that stayed on without firing again shows that something was needed, not that this was: unknown.
 *
 * "Right" is evidence for an action, not proof: that a service recovered does not show that it would not have done so
 * anyway, and people who repair a service leave no trace here. Records of OK must be in `incidents`; of alarms that
 * do not reach OpsAgent, nothing is known. The order of incidents and judgements does not matter. `now` is ISO 8601.
 */
export function scorecard(
  incidents: readonly ScoredIncident[],
  judgements: readonly Judgement[],
  now: string,
): ScorecardRow[] {
  const unique = [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
  const judged = newestJudgements(judgements);
  const watch = createAlarmWatch(unique, now);
  const rows = new Map<string, { head: RowHead; cases: ScoredCase[] }>();
  for (const incident of unique) {
    for (const { head, scored } of casesOf(incident, judged.get(incident.id), watch)) {
      const key = JSON.stringify([head.cluster, head.service, head.cause, head.action]);
      const row = rows.get(key) ?? { head, cases: [] };
      row.cases.push(scored);
      rows.set(key, row);
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { head, cases }]) => rowOf(head, cases));
}

type RowHead = Pick<ScorecardRow, "cluster" | "service" | "cause" | "action">;

function rowOf(head: RowHead, cases: readonly ScoredCase[]): ScorecardRow {
  const wouldHave = tallyOf(cases.filter(({ kind }) => kind === "would-have"));
  const acted = tallyOf(cases.filter(({ kind }) => kind === "acted"));
  const together = addTallies(wouldHave, acted);
  const ready = together.judged >= MIN_JUDGED && (together.interval?.low ?? 0) >= MIN_LOWER_BOUND;
  return {
    ...head,
    wouldHave,
    acted,
    together,
    advice: ready ? "ready for auto" : "keep watching",
    cases: cases.toSorted((a, b) =>
      a.at === b.at ? compare(a.incidentId, b.incidentId) : compare(a.at, b.at),
    ),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const SEVERITY: Readonly<Record<Judgement["verdict"], number>> = { right: 0, unclear: 1, wrong: 2 };

function newestJudgements(judgements: readonly Judgement[]): ReadonlyMap<string, Judgement> {
  const newest = new Map<string, Judgement>();
  for (const word of judgements) {
    const other = newest.get(word.incidentId);
    const later = other === undefined ? 1 : Date.parse(word.at) - Date.parse(other.at);
    const worse = other !== undefined && SEVERITY[word.verdict] > SEVERITY[other.verdict];
    if (later > 0 || (later === 0 && worse)) newest.set(word.incidentId, word);
  }
  return newest;
}

interface HeadedCase {
  readonly head: RowHead;
  readonly scored: ScoredCase;
}

function casesOf(incident: ScoredIncident, word: Judgement | undefined, watch: AlarmWatch): HeadedCase[] {
  const made = incident.actions.filter(({ outcome }) => outcome !== "nothing-changed");
  const acted = made.map((action): HeadedCase => {
    const cause = causeOf(incident, action);
    const truth = word === undefined ? truthOfAction(incident, action) : truthOfWord(word);
    return {
      head: { ...action.target, cause, action: action.action },
      scored: { incidentId: incident.id, at: incident.openedAt, kind: "acted", ...truth },
    };
  });
  const declined = [incident.decision, incident.further?.decision].flatMap((decision): HeadedCase[] => {
    if (decision?.kind !== "decline" || decision.wouldHave === undefined) return [];
    const { target, plan } = decision.wouldHave;
    const truth =
      word !== undefined
        ? truthOfWord(word)
        : made.length > 0
          ? nothingSays("another action was made in the same incident")
          : watch.truthOf(incident, decision.cause, target);
    return [
      {
        head: { ...target, cause: decision.cause, action: plan.action },
        scored: { incidentId: incident.id, at: incident.openedAt, kind: "would-have", ...truth },
      },
    ];
  });
  return [...acted, ...declined];
}

/** The first action follows the decision, a later one the second round. */
function causeOf(incident: ScoredIncident, action: ActionResult): Cause {
  const first = incident.actions[0] === action;
  const later = first ? undefined : (incident.further?.decision?.cause ?? incident.further?.diagnosis?.cause);
  return later ?? incident.decision?.cause ?? incident.diagnosis?.cause ?? "unknown";
}

function truthOfWord({ verdict, by, note }: Judgement): CaseTruth {
  const said = `${by} said ${verdict}${note === "" ? "" : `: ${note}`}`;
  return { truth: verdict === "unclear" ? "unknown" : verdict, source: "person", reason: said };
}

function nothingSays(reason: string): CaseTruth {
  return { truth: "unknown", source: "nothing", reason };
}

function truthOfAction(incident: ScoredIncident, action: ActionResult): CaseTruth {
  const last = incident.actions.at(-1) === action;
  const verification = action.verification ?? (last ? incident.verification : undefined);
  if (action.outcome === "unknown") return nothingSays("whether the action took place is not known");
  if (verification === undefined) return nothingSays("it was not verified");
  const { outcome, reason } = verification;
  if (outcome === "unknown") return nothingSays(reason);
  return { truth: outcome === "recovered" ? "right" : "wrong", source: "verification", reason };
}
