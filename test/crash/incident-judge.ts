/** What is wrong with what the processes of a trial left behind. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Approval } from "../../src/domain/approval.ts";
import {
  type AuditEntry,
  type ChainState,
  checkEntry,
  EMPTY_CHAIN,
} from "../../src/domain/incident/audit.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { readEvent } from "../../src/ingestion/read-event.ts";
import { type Effect, TARGET } from "../support/small-world.ts";
import type { Exit } from "./durable-processes.ts";
import { type How, outcomeOf, type Trial } from "./incident-trials.ts";

/** The ways in which a trial can go wrong, as the table counts them. */
export type FaultKind = "lost" | "repeated" | "forbidden" | "untold" | "untrue" | "audit";

export interface Fault {
  readonly kind: FaultKind;
  readonly what: string;
}

export interface Ended {
  /** Processes that were killed before the last one. */
  readonly kills: number;
  /** The last process, which was left to end by itself, and how it was started. */
  readonly last: Exit;
  readonly how: How;
}

/** Everything that a judgement looks at. */
interface Case extends Ended {
  readonly trial: Trial;
  readonly incidents: readonly Incident[];
  readonly approvals: readonly Approval[];
  readonly changes: readonly Effect[];
  readonly entries: readonly AuditEntry[];
  readonly store: IncidentStore;
}

export interface Verdict {
  readonly faults: readonly Fault[];
  /** The records of the ended incidents, oldest first. */
  readonly incidents: readonly Incident[];
  readonly changes: readonly string[];
}

export async function judge(trial: Trial, ended: Ended): Promise<Verdict> {
  if (ended.last.code !== 0) {
    const { signal, code, errors } = ended.last;
    const what = `the last process ended with ${signal ?? code}: ${errors}`;
    return { faults: [{ kind: "lost", what }], incidents: [], changes: [] };
  }
  const store = createSqliteStore(join(trial.folder, "store.db"));
  try {
    const incidents = [...(await store.list())].reverse();
    const approvals = (await Promise.all(incidents.map(({ id }) => store.approvalsOf(id)))).flat();
    const changes = trial.effects().filter(({ what }) => isChange(what));
    const entries = await store.entries({ limit: 100_000 });
    const all: Case = { ...ended, trial, store, incidents, approvals, changes, entries };
    const faults = [
      ...(await lost(all)),
      ...repeated(all),
      ...forbidden(all),
      ...untold(all),
      ...incidents.flatMap((incident) => untrue(incident, all)),
      ...badTrail(all),
      ...leftOver(all),
    ];
    return { faults, incidents, changes: changes.map(nameOf) };
  } finally {
    store.close();
  }
}

const isChange = (what: Effect["what"]) => what === "stop" || what === "desire" || what === "back";
const nameOf = ({ what, detail }: Effect) => `${what} ${detail.split("|")[0]}`;
const fault = (kind: FaultKind, what: string): Fault => ({ kind, what });
const when = (wrong: boolean, kind: FaultKind, what: string): Fault[] => (wrong ? [fault(kind, what)] : []);

/** An alarm that was taken in has one ended incident, and nothing is left open. */
async function lost({ trial, incidents, store, last }: Case): Promise<Fault[]> {
  const unfinished = outcomeOf(last).executions.filter(({ status }) => status !== "SUCCEEDED");
  const open = await store.open();
  const keys = incidents.map(({ alert }) => alert.key);
  const homeless = await Promise.all(
    trial.accepted().map(async (event) => {
      const alerts = readEvent(event, {
        receivedAt: new Date().toISOString(),
        cluster: TARGET.cluster,
        alarms: [{ pattern: "*", service: TARGET.service }],
      }).alerts;
      return alerts.filter(({ key }) => !keys.includes(key) && !incidents.some((one) => knows(one, key)));
    }),
  );
  const unmentioned = await Promise.all(
    incidents.map(async (incident) =>
      (await store.joined(incident.id)).filter(
        ({ kind, key }) => kind === "joined" && !incidents.some((one) => knows(one, key)),
      ),
    ),
  );
  return [
    ...unmentioned.flat().map(({ title }) => fault("untold", `${title} joined, and is not spoken of`)),
    ...unfinished.map(({ name, status }) => fault("lost", `the execution ${name} is ${status}`)),
    ...when(incidents.length === 0, "lost", "there is no incident"),
    ...open.map(({ incidentId }) => fault("lost", `${incidentId} still holds its place`)),
    ...homeless.flat().map(({ title }) => fault("lost", `no incident took care of ${title}`)),
    ...when(new Set(keys).size !== keys.length, "repeated", "one alarm has two incidents"),
    ...incidents
      .filter(({ status, closedAt }) => status === "open" || closedAt === undefined)
      .map(({ id, status }) => fault("lost", `${id} has not ended: ${status}`)),
  ];
}

function knows({ joined = [], closedAt }: Incident, key: string): boolean {
  return closedAt !== undefined && joined.some((one) => one.key === key);
}

/** The moments between putting a question and noting where it was put: whoever dies there asks again. */
const ASKING = ["after:channel.ask#", "before:store.noteMessage#"];

function repeated({ trial, changes, kills }: Case): Fault[] {
  const names = changes.map(nameOf);
  const asked = trial.effects().filter(({ what }) => what === "asked");
  const deaths = trial.deaths();
  const unknownDeaths = kills - deaths.length;
  const whileAsking = deaths.filter(
    (death) => ASKING.some((moment) => death.startsWith(moment)) || death.includes(" store.noteMessage"),
  ).length;
  const questions = new Set(asked.map(({ detail }) => detail)).size;
  return [
    ...when(new Set(names).size !== names.length, "repeated", `a change was repeated: ${names.join(", ")}`),
    ...when(questions > 1, "repeated", "one decision was asked about in two questions"),
    ...when(
      asked.length > 1 + whileAsking + unknownDeaths,
      "repeated",
      `asked ${asked.length} times, though killed ${whileAsking} times while asking`,
    ),
  ];
}

/** Where a person must approve: no change without a yes to this very plan before it. */
function forbidden({ trial, approvals, changes }: Case): Fault[] {
  if (trial.scenario.asks === undefined) return [];
  return changes
    .filter((change) => !approvals.some((approval) => permits(approval, change)))
    .map((change) => fault("forbidden", `${nameOf(change)} was not approved`));
}

function permits({ answer, plan, deadline }: Approval, { at, what, detail }: Effect): boolean {
  if (answer?.verdict !== "approved" || answer.by === undefined) return false;
  if (!(Date.parse(answer.at) <= at) || answer.at > deadline) return false;
  switch (plan.action) {
    case "restart":
      if (what === "desire" && plan.surge !== undefined) {
        return [plan.surge.from, plan.surge.to].includes(Number(detail));
      }
      return what === "stop" && plan.tasks.some(({ taskId }) => taskId === detail.split("|")[0]);
    case "scale":
      return what === "desire" && Number(detail) === plan.to;
    case "rollback":
      return what === "back" && plan.to.endsWith(detail);
  }
}

/** People are told of every incident, once more for each kill at most, and every time the same. */
function untold({ trial, incidents, kills }: Case): Fault[] {
  const told = trial.told();
  return incidents.flatMap((incident) => {
    const all = told.filter(({ id }) => id === incident.id);
    // Where a late alarm came to something else, that is told on its own, after the first end.
    const again = all.filter(({ timeline }) => timeline.some(({ event }) => event === "alarm-joined"));
    const first = all.filter((report) => !again.includes(report));
    const { joined, timeline, ...record } = incident;
    const asToldFirst = { ...record, joined: first[0]?.joined, timeline: first[0]?.timeline ?? [] };
    return again.length === 0
      ? untoldOnce(first[0] && trial.scenario.second === "comes late" ? asToldFirst : incident, first, kills)
      : [...untoldOnce(first[0] ?? incident, first, kills), ...untoldOnce(incident, again, kills)];
  });
}

function untoldOnce(incident: Incident, reports: readonly Incident[], kills: number): Fault[] {
  // What became of borrowed capacity is told after the end, on its own.
  const ends = reports.filter(({ giveBack }) => (giveBack?.outcome ?? "waiting") === "waiting");
  const returns = reports.filter((report) => !ends.includes(report));
  const back = incident.giveBack?.outcome;
  const [first] = ends;
  return [
    ...when(
      (incident.status !== "observed" || incident.approval !== undefined) && ends.length === 0,
      "untold",
      `nobody was told of ${incident.id}`,
    ),
    ...when(ends.length > kills + 1 || returns.length > kills + 1, "untold", `told ${reports.length} times`),
    ...when(!agree(ends) || !agree(returns), "untold", "told of different ends"),
    ...when(
      (back === "left-alone" || back === "unknown") && returns.length === 0,
      "untold",
      `nobody was told that the capacity is ${back}`,
    ),
    ...when(back === "waiting", "untold", "what was borrowed is neither given back nor left to people"),
    ...when(
      first !== undefined && differing(first, incident).length > 0,
      "untold",
      `the store says ${incident.status}, the report ${first?.status}: ${JSON.stringify(differing(first, incident))}`,
    ),
  ];
}

const agree = (reports: readonly Incident[]) =>
  reports.every((report) => isDeepStrictEqual(essence(report), essence(reports[0])));

/** A record without what may differ between two tellings of one end. */
function essence(incident: Incident | undefined): unknown {
  if (incident === undefined) return undefined;
  const { closedAt: _, giveBack: __, ...rest } = incident;
  return JSON.parse(JSON.stringify(rest));
}

/**
 * The store's timeline goes on after people were told, and knows what a process noted that died over it; so does its list
 * of alerts, to which a re-fire of the ended incident is attached.
 */
function differing(left: Incident | undefined, right: Incident): string[] {
  const { joined, ...rest } = right;
  const inTime = joined?.filter(({ kind }) => kind === "joined") ?? [];
  const ended = inTime.length === 0 ? rest : { ...rest, joined: inTime };
  const [{ timeline: _, ...one }, { timeline: __, ...other }] = [
    Object(essence(left)),
    Object(essence(ended as Incident)),
  ];
  return Object.keys({ ...one, ...other }).filter((key) => !isDeepStrictEqual(one[key], other[key]));
}

/** Tasks that the world's service runs when nothing happens. */
const USUAL_COUNT = 3;

/** A task that came before a restart is gone in the end, whoever died: nobody waits for load that carries it. */
function leftOver({ trial, changes }: Case): Fault[] {
  if (trial.scenario.world.minimumHealthyPercent === undefined) return [];
  const count = Number(changes.findLast(({ what }) => what === "desire")?.detail ?? USUAL_COUNT);
  return when(count !== USUAL_COUNT, "untrue", `${count} tasks are desired in the end`);
}

/** The record against the world: what is claimed was done, what was done is claimed, and proof is proof. */
function untrue(incident: Incident, { changes, incidents }: Case): Fault[] {
  const { status, verification, actions, giveBack } = incident;
  const steps = actions.flatMap((action) => [...action.steps, ...(action.undone ?? [])]).filter(isChangeStep);
  const returned = giveBack?.outcome === "given-back" ? 1 : 0;
  const maybeReturned = giveBack?.outcome === "unknown" ? 1 : 0;
  const done = steps.filter(({ outcome }) => outcome === "done").length + returned;
  const unclear = steps.filter(({ outcome }) => outcome === "unknown").length + maybeReturned;
  const mine = changes.filter((change) => makerOf(change, incidents) === incident).length;
  const counts = changes.filter(({ what }) => what === "desire").map(({ detail }) => Number(detail));
  const lending = (counts.at(-1) ?? USUAL_COUNT) > USUAL_COUNT;
  // A task that was added and taken back leaves everything as it was.
  const netNothing = changes.length === counts.length && counts.at(-1) === USUAL_COUNT;
  const spoken = steps.length > 0 && (giveBack !== undefined || status !== "resolved");
  return [
    ...when(mine > done + unclear, "untrue", `${mine} changes, of which ${done + unclear} are told`),
    ...when(done > mine, "untrue", `${done} changes are claimed, ${mine} were made`),
    ...when(
      status === "resolved" && verification?.outcome !== "recovered",
      "untrue",
      `resolved although ${verification?.outcome}`,
    ),
    ...when(
      mine > 0 && !netNothing && actions.every(({ outcome }) => outcome === "nothing-changed"),
      "untrue",
      "it says that nothing was changed",
    ),
    ...when(mine > 0 && lending && !spoken, "untold", "borrowed capacity is not spoken of"),
  ];
}

/** A stopped task names its incident; any other change is the first incident's, and a second one finds it made. */
function makerOf({ detail }: Effect, incidents: readonly Incident[]): Incident | undefined {
  return incidents.find(({ id }) => detail.includes(id)) ?? incidents[0];
}

function isChangeStep({ what }: { readonly what: string }): boolean {
  return /^(stop task|set the desired count|roll back)/.test(what);
}

/** An unbroken chain, with the beginning and the end of each incident and of each change, and who allowed it. */
function badTrail({ trial, incidents, entries, changes }: Case): Fault[] {
  let state: ChainState = EMPTY_CHAIN;
  for (const entry of entries) {
    const checked = checkEntry(state, entry);
    if (!checked.ok) return [fault("audit", `entry ${checked.seq}: ${checked.problem}`)];
    state = checked;
  }
  const of = (id: string, pattern: RegExp) =>
    entries.filter(({ incidentId, event }) => incidentId === id && pattern.test(event));
  const begun = incidents.flatMap(({ id }) => of(id, /^action-claimed$/));
  return [
    ...incidents.flatMap(({ id }) =>
      // A late alarm that came to something else closes it once more, under a key of its own.
      ["open", "report"]
        .map((key) => ({
          key,
          count: of(id, /^(opened|closed)$/).filter((entry) => entry.key === key).length,
        }))
        .filter(({ count }) => count !== 1)
        .map(({ key, count }) => fault("audit", `${id} has ${count} entries ${key}`)),
    ),
    ...begun
      .filter(({ incidentId, seq }) => {
        const answers = of(incidentId, /^approval-answered$/).filter((answer) => answer.seq < seq);
        return trial.scenario.asks && !answers.some(({ detail }) => detail.startsWith("approved by "));
      })
      .map(({ key }) => fault("audit", `who approved ${key} is not in the trail before it`)),
    ...when(
      begun.length < changes.length,
      "audit",
      `${changes.length} changes, ${begun.length} noted before`,
    ),
    ...begun
      .filter(({ incidentId, key }) => {
        const name = key.replace(/:begun$/, "");
        const ends = entries.filter((entry) => entry.incidentId === incidentId && entry.key.startsWith(name));
        return !ends.some(({ event }) => event === "action-step-ended");
      })
      .map(({ key }) => fault("audit", `what became of ${key} is not in the trail`)),
  ];
}
