/** Event -> incidents: the entry point that the Lambda, the command line and the server share. */

import { attachedRecord, attachOrOpen } from "../alert-grouping/incident-lock.ts";
import type { Alert } from "../domain/alert.ts";
import { alertToStore } from "../domain/alert-words.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import type { Incident } from "../domain/incident/incident.ts";
import { incidentId, openIncident } from "../domain/incident/incident-fold.ts";
import { type EventSender, outOfScope } from "../domain/sender-scope.ts";
import type { IngestionDependencies, WorkflowDependencies } from "../workflow/dependencies.ts";
import { executionName } from "../workflow/execution-name.ts";
import type { IncidentInput } from "../workflow/incident-input.ts";
import { reportLost } from "../workflow/lost-incident.ts";
import { type AlarmSource, followAlarm } from "./follow-alarm.ts";
import { readEvent, type TaskStop, type TriggerContext } from "./read-event.ts";
import { judgeStop } from "./task-stop.ts";
import { notKept, rawOf, rejectEvent } from "./unreadable-event.ts";

/** Starts the workflow as durable executions. The same name is the same incident, however often it is started. */
export interface Executions {
  /** Starts it and returns; it continues in the background. Takes over one that a dead process left. */
  begin(name: string, input: IncidentInput): Promise<void>;
  /** Whether this process started the incident, so that the store need not be asked. */
  isHere(incidentId: string): boolean;
  /** Starts it and waits until it is closed and people are notified. */
  run(name: string, input: IncidentInput): Promise<Incident>;
}

export interface IntakeOptions {
  /** The configured cluster. */
  readonly cluster: string | undefined;
  /** ISO 8601; when the process that handles the event must end. */
  readonly deadline?: string | undefined;
  /** Who sent the event over HTTP; without one nothing is out of scope. */
  readonly sender?: EventSender | undefined;
}

/** What became of an event. */
export interface Accepted {
  readonly incidents: readonly string[];
  /** How many of its alerts were not taken, because the policy's `senders` lets their sender not speak about them. */
  readonly outOfScope?: number;
}

/**
 * Handles one event until its incidents are closed, and returns them, failed ones included. Throws only if the engine
 * fails.
 */
export async function handleEvent(
  event: unknown,
  options: IntakeOptions,
  executions: Executions,
  deps: WorkflowDependencies,
): Promise<Incident[]> {
  const { alerts, rejected } = await readAlerts(event, options, deps);
  const { deadline } = options;
  const handled = alerts.map(async (alert) => {
    const owner = await ownerOf(alert, deadline, executions, deps);
    if (owner?.kind === "elsewhere") return owner.note;
    // The process that worked on it may be gone; waiting for its end also continues it.
    if (owner !== undefined && deadline !== undefined) return owner.note;
    const input = { alert: owner?.alert ?? alert, ...(deadline === undefined ? {} : { deadline }) };
    return executions.run(executionName(input.alert), input).catch((fault: unknown) => {
      // An engine that is stopping has lost nothing: the incident continues at the next start.
      if (fault instanceof OpsAgentError) return reportLost(input.alert, fault, deps);
      throw fault;
    });
  });
  const incidents = await Promise.all([...handled, ...rejected.map(async (one) => (await one).record)]);
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
}

/**
 * Stores an event and returns the ids of its incidents, which continue in the background. Alerts that its sender may not
 * speak about are logged and left out. Throws when an alert could not be stored: the sender then has to send it again.
 */
export async function acceptEvent(
  event: unknown,
  options: IntakeOptions,
  executions: Executions,
  deps: WorkflowDependencies,
): Promise<Accepted> {
  const { alerts, rejected, outOfScope } = await readAlerts(event, options, deps);
  const accepted = alerts.map(async (alert) => {
    const owner = await ownerOf(alert, undefined, executions, deps);
    if (owner?.kind === "elsewhere") return owner.note.joinedTo ?? owner.note.id;
    const own = owner?.alert ?? alert;
    if (!executions.isHere(incidentId(own))) await executions.begin(executionName(own), inputOf(own));
    return incidentId(own);
  });
  const unreadable = rejected.map(async (one) => (await one).record.id);
  return { incidents: [...new Set(await Promise.all([...accepted, ...unreadable]))], outOfScope };
}

/**
 * Forwards each alert of an event to a durable engine elsewhere, which deduplicates by the execution's name. Returns
 * those names. Throws when an alert could not be forwarded, or an unreadable part could not be stored: the sender
 * then has to send the event again.
 */
export async function forwardEvent(
  event: unknown,
  options: IntakeOptions,
  begin: (name: string, input: IncidentInput) => Promise<unknown>,
  deps: IngestionDependencies,
): Promise<string[]> {
  const { alerts, rejected } = await readAlerts(event, options, deps);
  const forwarded = alerts.map(async (alert) => {
    await begin(executionName(alert), { alert });
    deps.logger.info("alert-forwarded", { incident: incidentId(alert), alert: alert.title });
    return executionName(alert);
  });
  // Wait for all before a failure ends this; a repeated event starts nothing twice.
  await Promise.allSettled([...forwarded, ...rejected]);
  const names = await Promise.all(forwarded);
  if ((await Promise.all(rejected)).every(({ kept }) => kept)) return names;
  throw notKept();
}

/**
 * Returns names of executions whose incidents were opened and that may not exist: a process may have died between the
 * two.
 */
export async function abandoned(deps: WorkflowDependencies): Promise<string[]> {
  return (await mine(deps)).map(({ alert }) => executionName(alert));
}

/** Starts the {@link abandoned} executions; those that were started already continue as they are. */
export async function beginAbandoned(executions: Executions, deps: WorkflowDependencies): Promise<void> {
  for (const { alert } of await mine(deps)) await executions.begin(executionName(alert), inputOf(alert));
}

/** The input of an incident that continues in the background. */
function inputOf(alert: Alert): IncidentInput {
  return { alert, settles: true };
}

async function mine(deps: WorkflowDependencies) {
  const open = await deps.store.open();
  return open.filter((one) => one.engine === deps.engine());
}

/**
 * Who handles the alert already. `elsewhere`: another engine, or this process; only a note is left to return. `ours`:
 * an incident of our own engine, whose process may have died.
 */
type Owner =
  | { readonly kind: "elsewhere"; readonly note: Incident }
  | { readonly kind: "ours"; readonly alert: Alert; readonly note: Incident };

/** Returns undefined when the alert needs an incident of its own, or the store failed. */
async function ownerOf(
  alert: Alert,
  deadline: string | undefined,
  executions: Executions,
  deps: WorkflowDependencies,
): Promise<Owner | undefined> {
  if (alert.state !== "ALARM") return undefined;
  const admitted = await attachOrOpen(alert, deadline, deps).catch((error: unknown) => {
    // The workflow meets the same fault, investigates nevertheless, and reports it.
    deps.logger.error("alert-not-admitted", { alert: alert.key, error: asOpsAgentError(error).message });
    return undefined;
  });
  if (admitted?.kind !== "joined" && admitted?.kind !== "elsewhere") return undefined;
  const owner = admitted.incidentId;
  deps.logger.info("alert-joined", { alert: alert.title, incident: owner });
  const note = await attachedRecord(openIncident(alert, deps.diagnoser), owner, deps).catch(() => undefined);
  if (note === undefined) return undefined;
  if (admitted.kind === "elsewhere" || executions.isHere(owner)) return { kind: "elsewhere", note };
  const open = (await mine(deps).catch(() => [])).find((one) => one.incidentId === owner);
  return open === undefined ? { kind: "elsewhere", note } : { kind: "ours", alert: open.alert, note };
}

/** Reads an event, and follows alarms that stand for others to their services. */
async function readAlerts(event: unknown, options: IntakeOptions, deps: IngestionDependencies) {
  const receivedAt = deps.now().toISOString();
  const context: TriggerContext = {
    receivedAt,
    alarms: deps.policy.alarms,
    alertLabels: deps.policy.alertLabels,
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
  };
  const { alerts: told, noted, stops, unreadable } = readEvent(event, context);
  const [followed, stopped] = await Promise.all([
    Promise.all(told.map((one) => followAlarm(one, context, sourceOf(deps)))),
    Promise.all(stops.map((one) => alertOfStop(one, deps))),
  ]);
  const alerts = [...followed, ...stopped].flat();
  for (const { path, what } of noted) deps.logger.info("event-noted", { path, what });
  const raw = rawOf(event);
  const taken = alerts.filter((alert) => isInScope(alert, options.sender, deps));
  return {
    alerts: taken.map(alertToStore),
    outOfScope: alerts.length - taken.length,
    rejected: unreadable.map((problem) => rejectEvent(problem, raw, receivedAt, deps)),
  };
}

async function alertOfStop(stop: TaskStop, deps: IngestionDependencies): Promise<readonly Alert[]> {
  const { readers, policy, logger } = deps;
  const source = readers?.ecs && { tasks: readers.ecs, options: () => within(policy) };
  const verdict = await judgeStop(stop, policy.taskStops, source);
  if (verdict.kind === "noted") {
    logger.info("event-noted", { path: stop.noted.path, what: verdict.what });
    return [];
  }
  const { alert, uncounted } = verdict;
  if (uncounted !== undefined) logger.warn("stops-not-counted", { alert: alert.title, why: uncounted });
  return [alert];
}

/** Limits one read of AWS. */
function within({ timing }: IngestionDependencies["policy"]) {
  return { signal: AbortSignal.timeout(timing.sourceTimeoutSeconds * 1000) };
}

function sourceOf({ readers, policy }: IngestionDependencies): AlarmSource | undefined {
  return readers && { alarms: readers.alarms, options: () => within(policy) };
}

function isInScope(alert: Alert, sender: EventSender | undefined, deps: IngestionDependencies): boolean {
  const reason = sender && outOfScope(deps.policy.senders, sender, alert);
  if (sender === undefined || reason === undefined) return true;
  deps.logger.warn("alert-out-of-scope", { sender: sender.name, address: sender.address, reason });
  return false;
}
