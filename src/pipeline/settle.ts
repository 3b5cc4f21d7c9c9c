/**
 * What comes after an incident was left to people: a fault fires several alarms within minutes, and each of them would
 * be an incident and a message of its own. So the incident keeps its place for a while. A new alarm joins it and is
 * looked into; people hear of it again only where that comes to something else.
 */
import type { JoinedAlert } from "../domain/admission.ts";
import type { Alert } from "../domain/alert.ts";
import type { Incident } from "../domain/incident.ts";
import { conclude, tellEnd } from "./conclude.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { judgeByRules, look } from "./examine.ts";
import { createFollowing, followWith } from "./follow.ts";
import { close, type Story } from "./incident-record.ts";
import { mend } from "./mend.ts";
import { watchedBy } from "./observe/watched-metric.ts";
import { stayOpen } from "./place.ts";
import { within } from "./read-time.ts";
import { save } from "./report/index.ts";
import type { Run } from "./run.ts";
import type { IncidentInput } from "./run-incident.ts";
import { StageFailure } from "./stage-failure.ts";
import { secondsOfInvestigation } from "./time-needed.ts";

/** Keeps the place of an incident that people are about to be told of. False: it ends here, as every other one. */
export async function beginSettling(
  input: IncidentInput,
  story: Story,
  run: Run,
  deps: PipelineDependencies,
): Promise<boolean> {
  if (!settles(input, story.incident, deps)) return false;
  const seconds = deps.policy.timing.settleSeconds + secondsOfInvestigation(deps.policy);
  const joined = await stayOpen(story.incident.id, seconds, run, deps);
  if (joined === undefined) return false;
  if (joined.length > 0) story.add({ joined: [...joined] });
  return true;
}

/** Left to people, or only watched. Noise has a memory of its own; what failed may go better the next time. */
function settles(input: IncidentInput, incident: Incident, { policy }: PipelineDependencies): boolean {
  const { status, decision, diagnosis, target } = incident;
  if (!input.settles || policy.timing.settleSeconds === 0) return false;
  if (target === undefined || decision === undefined || diagnosis?.cause === "no-fault") return false;
  return status === "escalated" || wouldHave(incident) !== undefined;
}

/** Waits for the rest of the fault's alarms, then ends the incident. Returns the record as it is then. */
export async function settle(
  input: IncidentInput,
  story: Story,
  told: Incident,
  run: Run,
  deps: PipelineDependencies,
): Promise<Incident> {
  story.add({ failures: told.failures });
  const following = createFollowing(() => story.incident, run, deps);
  const watched = await watch(told, run, deps);
  const late = watched.alarms.length > 0 ? await alertNow(input.alert, watched.alarms, run, deps) : undefined;
  if (late !== undefined) {
    run.note(watched.at, "alarm-joined", `${late.title} fired after people were told of another end`);
    try {
      await lookInto(late, input.alert, story, following.tell, run, deps);
    } catch (fault) {
      story.fail(fault);
    }
  }
  const acted = story.incident.actions.length > told.actions.length;
  const left = deps.policy.timing.settleSeconds - watched.seconds;
  if (left > 0 && !acted) await run.wait("settle-rest", left);
  await conclude(input, story, run, deps);
  if (cameToSomethingElse(told, story.incident)) {
    return tellEnd("report-again", { story, following }, run, deps);
  }
  return noteJoined(told, story, run, deps);
}

interface Watched {
  readonly startedAt: string;
  readonly at: string;
  /** Since people were told. */
  readonly seconds: number;
  /** Names of alarms that fired since then, in the order in which they came. */
  readonly alarms: readonly string[];
}

/** Until an alarm joins that is worth a look, or the time is over. */
function watch(told: Incident, run: Run, deps: PipelineDependencies): Promise<Watched> {
  const { settleSeconds, verifyIntervalSeconds } = deps.policy.timing;
  const everySeconds = Math.min(verifyIntervalSeconds, Math.ceil(settleSeconds));
  return run.poll<Watched>("settle", everySeconds, async (before) => {
    const now = deps.steadyNow?.() ?? deps.now();
    const at = now.toISOString();
    const startedAt = before?.startedAt ?? at;
    const seconds = Math.max(0, (now.getTime() - Date.parse(startedAt)) / 1000);
    const joined = mayLookAgain(told) ? await deps.store.joined(told.id).catch(() => []) : [];
    const alarms = newAlarms(told, joined);
    return { state: { startedAt, at, seconds, alarms }, done: alarms.length > 0 || seconds >= settleSeconds };
  });
}

/** After a person's no, or an action that did not help, another look has nothing to add. */
function mayLookAgain({ actions, approval }: Incident): boolean {
  return actions.length === 0 && approval === undefined;
}

function newAlarms(told: Incident, joined: readonly JoinedAlert[]): string[] {
  const known = new Set([told.alert.alarm?.name, ...(told.joined ?? []).map(({ alarm }) => alarm)]);
  const fired = joined.flatMap(({ state, alarm }) => (state === "ALARM" ? (alarm ?? []) : []));
  return [...new Set(fired)].filter((name) => !known.has(name));
}

/** More alarms than a fault has. */
const MOST_ASKED = 5;

/** The first of the alarms that still fires, as an alert; undefined when none does, or none can be read. */
async function alertNow(
  own: Alert,
  names: readonly string[],
  run: Run,
  deps: PipelineDependencies,
): Promise<Alert | undefined> {
  const read = await run.step("late-alarm", async () => {
    for (const name of names.slice(0, MOST_ASKED)) {
      const alarm = await deps.readers.alarms.alarm(name, within(deps)).catch(() => undefined);
      if (alarm?.state === "ALARM") return { ...alarm, watched: watchedBy(alarm) ?? null };
    }
    return null;
  });
  if (read.value === null) return undefined;
  const { name, arn, reason, datapointsToAlarm, treatMissingData, watched } = read.value;
  const { reported: _, ...alert } = own;
  return {
    ...alert,
    title: name,
    alarm: {
      name,
      ...(arn === undefined ? {} : { arn }),
      ...(reason === undefined ? {} : { reason }),
      ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
      ...(treatMissingData === undefined ? {} : { treatMissingData }),
      ...watched,
    },
  };
}

/** One more look, judged by the rules, and what they allow is done. Where a model diagnosed, a person says yes first. */
async function lookInto(
  late: Alert,
  own: Alert,
  story: Story,
  follow: (name: string) => void,
  run: Run,
  deps: PipelineDependencies,
): Promise<void> {
  const { target } = late;
  if (target === undefined) return;
  const about = { alert: late, target, deadline: undefined };
  const evidence = await look("observe-late", about, run, deps).catch((fault: unknown) => {
    // What people were told stands; the alarm is named beside it.
    if (!(fault instanceof StageFailure)) throw fault;
    return undefined;
  });
  if (evidence === undefined) return;
  const examined = await judgeByRules("-late", evidence, run);
  const { diagnosis } = examined;
  const ceiling = deps.diagnoser === "model" && deps.ceiling === "auto" ? "approve" : deps.ceiling;
  await mend(
    {
      ...about,
      examined,
      suffix: "-late",
      alsoOk: own.alarm === undefined ? [] : [own.alarm.name],
      incident: () => story.incident,
      tell: story.add,
      tellDecision: (found) => story.add({ evidence, diagnosis, secondOpinion: diagnosis, ...found }),
      // A decision that changes nothing is no news.
      follow: (name) => name !== "decided-late" && follow(name),
    },
    run,
    { ...deps, ceiling },
  );
}

function cameToSomethingElse(told: Incident, now: Incident): boolean {
  return (
    now.status !== told.status ||
    now.diagnosis?.cause !== told.diagnosis?.cause ||
    now.severity !== told.severity ||
    now.decision?.kind !== told.decision?.kind ||
    wouldHave(now)?.plan.action !== wouldHave(told)?.plan.action ||
    now.actions.length > told.actions.length ||
    now.approval?.id !== told.approval?.id
  );
}

function wouldHave({ decision }: Incident) {
  return decision?.kind === "decline" ? decision.wouldHave : undefined;
}

/** The record as people were told of it, with the alarms that have joined since. */
async function noteJoined(
  told: Incident,
  story: Story,
  run: Run,
  deps: PipelineDependencies,
): Promise<Incident> {
  const { joined = [] } = story.incident;
  if (joined.length === (told.joined ?? []).length) return told;
  const record: Incident = { ...close(told, run.timeline), joined };
  await run.step("settled", async () => {
    const failed = await save(record, deps);
    if (failed !== undefined) deps.logger.error("report-failed", { incident: record.id, ...failed });
    const at = run.timeline.at(-1)?.at ?? record.openedAt;
    await followWith(
      { name: "settled", kind: "incident-updated", at, incident: record, needsPerson: false },
      deps,
    );
  });
  return record;
}
