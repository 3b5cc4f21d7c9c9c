/**
 * What comes after an incident was left to people: a fault fires several alarms within minutes, and each of them would
 * be an incident and a message of its own. So the incident keeps its place for a while. A new alarm joins it and is
 * looked into; people hear of it again only where that comes to something else.
 */
import { type JoinedAlert, joinedName } from "../domain/admission.ts";
import type { Alert } from "../domain/alert.ts";
import type { Cause } from "../domain/cause.ts";
import type { Incident } from "../domain/incident.ts";
import { redactRecord } from "../domain/redaction/index.ts";
import { conclude, tellEnd } from "./conclude.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { judgeByRules, look } from "./examine.ts";
import { createFollowing } from "./follow.ts";
import { close, type Story } from "./incident-record.ts";
import { mend } from "./mend.ts";
import { watchedBy } from "./observe/watched-metric.ts";
import { stayOpen } from "./place.ts";
import { within } from "./read-time.ts";
import { updateAfterEnd } from "./report/index.ts";
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
  const watched = mayLookAgain(told) ? await watch(told, run, deps) : undefined;
  const late = watched?.late.length ? await firingNow(input.alert, watched.late, run, deps) : undefined;
  if (watched !== undefined && late !== undefined) {
    run.note(
      watched.at,
      "alarm-joined",
      `${late.title} fired after people were told that it was ${told.status}`,
    );
    try {
      await lookInto(late, input.alert, story, following.tell, run, deps);
    } catch (fault) {
      story.fail(fault);
    }
  }
  const acted = story.incident.actions.length > told.actions.length;
  const left = deps.policy.timing.settleSeconds - (watched?.seconds ?? 0);
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
  /** What fired since then, in the order in which it came. */
  readonly late: readonly JoinedAlert[];
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
    const late = newcomers(told, await deps.store.joined(told.id).catch(() => []));
    return { state: { startedAt, at, seconds, late }, done: late.length > 0 || seconds >= settleSeconds };
  });
}

/** After a person's no, or an action that did not help, another look has nothing to add. */
function mayLookAgain({ actions, approval }: Incident): boolean {
  return actions.length === 0 && approval === undefined;
}

/** One for each alarm that nobody was told of. */
function newcomers(told: Incident, joined: readonly JoinedAlert[]): JoinedAlert[] {
  const known = new Set([joinedName({ title: told.alert.title, alarm: told.alert.alarm?.name })]);
  for (const one of told.joined ?? []) known.add(joinedName(one));
  const fired = joined.filter((one) => one.state === "ALARM" && !known.has(joinedName(one)));
  return [...new Map(fired.map((one) => [joinedName(one), one])).values()].slice(0, MOST_ASKED);
}

/** More alarms than a fault has. */
const MOST_ASKED = 5;

/**
 * The first of them that still fires, as an alert. What CloudWatch does not know, such as an event of ECS or another
 * sender's alarm, counts as firing and is looked into from the first alert's point of view.
 */
async function firingNow(
  own: Alert,
  late: readonly JoinedAlert[],
  run: Run,
  deps: PipelineDependencies,
): Promise<Alert | undefined> {
  const found = await run.step("late-alarm", async () => {
    for (const one of late) {
      const reading =
        one.alarm && (await deps.readers.alarms.alarm(one.alarm, within(deps)).catch(() => undefined));
      if (!reading) return { title: joinedName(one) };
      if (reading.state === "ALARM") return { title: joinedName(one), reading };
    }
    return null;
  });
  if (found.value === null) return undefined;
  const { title, reading } = found.value;
  if (reading === undefined) return { ...own, title };
  const { name, arn, reason, datapointsToAlarm, treatMissingData } = reading;
  const { reported: _, ...alert } = own;
  return {
    ...alert,
    title,
    alarm: {
      name,
      ...(arn === undefined ? {} : { arn }),
      ...(reason === undefined ? {} : { reason }),
      ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
      ...(treatMissingData === undefined ? {} : { treatMissingData }),
      ...watchedBy(reading),
    },
  };
}

/** Verdicts that do not change what people were told. */
const SAYS_NOTHING: ReadonlySet<Cause> = new Set(["unknown", "no-fault"]);

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
  if (SAYS_NOTHING.has(diagnosis.cause)) return;
  const second = deps.diagnoser === "model" ? { secondOpinion: diagnosis } : {};
  const ceiling = deps.diagnoser === "model" && deps.ceiling === "auto" ? "approve" : deps.ceiling;
  await mend(
    {
      ...about,
      examined,
      suffix: "-late",
      alsoOk: own.alarm === undefined ? [] : [own.alarm.name],
      incident: () => story.incident,
      tell: story.add,
      tellDecision: (found) => story.add({ evidence, diagnosis, ...second, ...found }),
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
  const record = redactRecord<Incident>({ ...close(told, run.timeline), joined });
  const at = run.timeline.at(-1)?.at ?? record.openedAt;
  const moment = { name: "settled", at, incident: record, needsPerson: false };
  await run.step("settled", () => updateAfterEnd(moment, deps));
  return record;
}
