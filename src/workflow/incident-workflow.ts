/**
 * The whole story of one incident, in order. Everything outside the steps of `run` is deterministic, so that the same
 * function runs as a Lambda durable function and embedded, and survives a kill.
 */
import type { DurableContext } from "@aws/durable-execution-sdk-js";
import { attachedRecord, attachOrOpen, extendIncidentLock } from "../alert-grouping/incident-lock.ts";
import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import { valueFor } from "../domain/exit.ts";
import type { Failure, Incident } from "../domain/incident/incident.ts";
import { openIncident } from "../domain/incident/incident-fold.ts";
import { readAlertedAlarm } from "../evidence/alerted-alarm.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import { happenedIn } from "../notification/event-listeners.ts";
import { createLanes } from "../notification/lanes.ts";
import { createStatusUpdates, type Telling } from "../notification/status-updates.ts";
import { checkAfterAlarmOk } from "./alarm-ok.ts";
import { closeIncident, notifyClosed } from "./closing.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import { createDurableSteps, type DurableSteps } from "./durable-steps.ts";
import { createExplanations, type Explanations } from "./explanation.ts";
import { fail } from "./failures.ts";
import { awaitGroupingWindow, openGroupingWindow } from "./grouping-window.ts";
import type { IncidentInput } from "./incident-input.ts";
import { incidentLogger } from "./incident-logger.ts";
import { collectAndDiagnose, collectAndDiagnoseAgain } from "./investigation.ts";
import { investigationLeaseSeconds } from "./lease-durations.ts";
import { tellLeft } from "./left-messages.ts";
import { remediate } from "./remediation-attempt.ts";
import { scaleIn } from "./scale-in.ts";
import { StageFailure } from "./stage-failure.ts";

/** Creates the workflow: takes an alert, returns the closed incident. Every incident ends in a report. */
export function createIncidentWorkflow(shared: WorkflowDependencies) {
  return async (input: IncidentInput, context: DurableContext): Promise<Incident> => {
    const opened = openIncident(input.alert, shared.diagnoser, input.left);
    const deps = { ...shared, logger: incidentLogger(shared.logger, { incident: opened.id }) };
    const lanes = createLanes();
    const last = input.deadline !== undefined;
    const statusUpdates = createStatusUpdates(deps, lanes, last);
    const telling = { statusUpdates, lanes, last };
    const explanations = createExplanations(deps);
    const run = createDurableSteps(context, {
      opened,
      now: deps.now,
      store: deps.store,
      happened: happenedIn(deps),
      folded: statusUpdates.happened,
      onUnrecorded: (problem) => deps.logger.error("event-not-recorded", { ...problem }),
    });
    if (input.left !== undefined) return tellLeft(run, deps);
    try {
      const entry = await enter(input, run, deps);
      if (entry.belongsTo !== undefined) return entry.belongsTo;
      await investigate(input, { telling, explanations }, run, deps, entry.unrecorded);
    } catch (fault) {
      await fail("fail", fault, run);
    }
    const grouping = await openGroupingWindow(input, run, deps);
    if (!grouping) await closeIncident(input, run, deps);
    await explanations.settled(run);
    await notifyClosed("report", telling, run, deps);
    if (input.alert.state === "OK" && input.deadline === undefined) {
      await checkAfterAlarmOk(input.alert, run, deps);
    }
    if (grouping) await awaitGroupingWindow(input, telling, run, deps);
    await scaleIn(telling, run, deps);
    await run.delivered();
    return valueFor("person", run.incident);
  };
}

interface Entry {
  /** The incident that the alert is attached to; then nothing more is done here. */
  readonly belongsTo?: Incident;
  /** Why the record could not be kept: what cannot be recorded must not be acted on. */
  readonly unrecorded?: Failure;
}

/** Opens the incident, or attaches the alert to an open one. A re-fire waits for the end of its grace period. */
async function enter(
  { alert, deadline }: IncidentInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Entry> {
  const entered = await run.step(
    "open",
    async () => {
      if (alert.state !== "ALARM") return { kind: "opened" as const };
      try {
        const answer = await attachOrOpen(alert, deadline, deps);
        if (answer.kind !== "joined" && answer.kind !== "elsewhere") return answer;
        return { kind: "belongs" as const, to: await attachedRecord(run.incident, answer.incidentId, deps) };
      } catch (thrown) {
        const { code, message, remedy } = asOpsAgentError(thrown);
        return { kind: "unknown" as const, failure: { stage: "store", code, message, remedy } };
      }
    },
    (answer) => {
      if (answer.kind === "belongs") return [];
      const opened = {
        kind: "opened",
        key: "open",
        at: alert.receivedAt,
        alert,
        diagnoser: deps.diagnoser,
      } as const;
      if (answer.kind !== "refired") return [opened];
      const { incidentId: refireOf, until } = answer;
      return [opened, { kind: "grace-period-began", refireOf, until }];
    },
  );
  const answer = entered.value;
  if (answer.kind === "belongs") return { belongsTo: answer.to };
  if (answer.kind === "refired" && deadline === undefined) {
    await waitForGracePeriod(alert, gracePeriodEnd(alert, answer.until, deps), run, deps);
  }
  return answer.kind === "unknown" ? { unrecorded: answer.failure } : {};
}

/** Returns the end of the grace period, epoch milliseconds. A clock that was ahead when it began must not stretch it. */
function gracePeriodEnd(alert: Alert, until: string, { policy }: WorkflowDependencies): number {
  return Math.min(Date.parse(until), Date.parse(alert.receivedAt) + policy.timing.decayMinutes * 60_000);
}

/** Waits for the end of the grace period, then reads the alarm: after an action it lags behind the service. */
async function waitForGracePeriod(
  alert: Alert,
  until: number,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const seconds = (until - Date.parse(alert.receivedAt)) / 1000;
  const held = { seconds: Math.max(0, seconds) + investigationLeaseSeconds(deps.policy) };
  await extendIncidentLock("grace-period-extend-lock", run.incident.id, held, run, deps);
  if (seconds > 0) await run.wait("grace-period", seconds);
  const own = alert.alarm;
  await run.step(
    "grace-period-look",
    async () => {
      if (own === undefined) return null;
      const alarm = await readAlertedAlarm(own, deps.readers.alarms, readTimeout(deps)).catch(
        () => undefined,
      );
      return alarm?.state ?? null;
    },
    (state) => [
      {
        kind: "grace-period-ended",
        passed: state === "OK",
        ...(state === null ? {} : { alarmState: state }),
      },
    ],
  );
}

interface BesideTheStory {
  readonly telling: Telling;
  readonly explanations: Explanations;
}

/** Runs the stages. Each appends its events, so that a fault in a later one loses nothing of the earlier ones. */
async function investigate(
  input: IncidentInput,
  { telling, explanations }: BesideTheStory,
  run: DurableSteps,
  deps: WorkflowDependencies,
  unrecorded: Failure | undefined,
): Promise<void> {
  const { alert } = input;
  const { target } = alert;
  if (alert.state !== "ALARM" || target === undefined || run.incident.passed) return;
  const deadline = input.deadline === undefined ? undefined : Date.parse(input.deadline);
  const about = { alert, target, deadline, lanes: telling.lanes };

  telling.statusUpdates.opened(run);
  const investigated = await collectAndDiagnose(about, run, deps);
  explanations.begin(about, investigated, run);
  // The investigation still helps whoever takes over, but nothing is done without a record of it.
  const failure = unrecorded ?? run.unrecorded;
  if (failure !== undefined) throw new StageFailure(failure);

  const first = await remediate({ ...about, investigated, attempt: "first" }, run, deps);
  if (first?.outcome !== "unchanged" && first?.outcome !== "worse") return;
  if (deadline !== undefined || run.incident.actions.some((action) => action.outcome === "unknown")) return;

  const again = await collectAndDiagnoseAgain(about, run, deps);
  await remediate({ ...about, investigated: again, attempt: "second" }, run, deps);
}
