/** Event -> incidents: the one door that the Lambda, the command line and the server share. */
import { createHash } from "node:crypto";
import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import type { ActionResult, Incident } from "../domain/incident.ts";
import { redact } from "../domain/redaction/index.ts";
import { readEvent, type Unreadable } from "../triggers/index.ts";
import { type IntakeDependencies, type PipelineDependencies, withHarmlessProgress } from "./dependencies.ts";
import { followWith } from "./follow.ts";
import { incidentId, openIncident } from "./incident-record.ts";
import { admit, belonging } from "./place.ts";
import type { ActionRecord } from "./ports.ts";
import { tell } from "./report/index.ts";
import type { IncidentInput } from "./run-incident.ts";

/** Runs the workflow durably. The same name is the same incident, however often it is started. */
export interface Executions {
  /** Begins it and returns; it goes on by itself. One that a dead process left is taken over. */
  begin(name: string, input: IncidentInput): Promise<void>;
  /** Whether this process has begun the incident: then nobody has to be asked whether it is worked on. */
  isHere(incidentId: string): boolean;
  /** Begins it and waits until people were told how it ended. */
  run(name: string, input: IncidentInput): Promise<Incident>;
}

export interface IntakeOptions {
  /** The configured cluster. */
  readonly cluster: string | undefined;
  /** ISO 8601; when the process that handles the event must end. */
  readonly deadline?: string | undefined;
}

/** Handles one event to its end and returns its incidents, the failed ones too. Throws only if the engine fails. */
export async function handleEvent(
  event: unknown,
  options: IntakeOptions,
  executions: Executions,
  given: PipelineDependencies,
): Promise<Incident[]> {
  const deps = withHarmlessProgress(given);
  const { alerts, rejected } = readAlerts(event, options, deps);
  const { deadline } = options;
  const handled = alerts.map(async (alert) => {
    const owner = await ownerOf(alert, deadline, executions, deps);
    if (owner?.kind === "elsewhere") return owner.note;
    // Whoever worked on it may be gone: to wait for its end is also what brings it to its end.
    if (owner !== undefined && deadline !== undefined) return owner.note;
    const input = { alert: owner?.alert ?? alert, ...(deadline === undefined ? {} : { deadline }) };
    return executions.run(executionName(input.alert), input).catch((fault: unknown) => {
      // An engine that is asked to stop has lost nothing: the incident goes on when it is started again.
      if (fault instanceof OpsAgentError) return reportLost(input.alert, fault, deps);
      throw fault;
    });
  });
  const incidents = await Promise.all([...handled, ...rejected.map(async (one) => (await one).told)]);
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
}

/**
 * Takes an event in so that it is not lost any more, and returns the ids of its incidents while they go on by
 * themselves. Throws when an alert could not be kept: then the sender has to send it again.
 */
export async function acceptEvent(
  event: unknown,
  options: IntakeOptions,
  executions: Executions,
  given: PipelineDependencies,
): Promise<string[]> {
  const deps = withHarmlessProgress(given);
  const { alerts, rejected } = readAlerts(event, options, deps);
  const accepted = alerts.map(async (alert) => {
    const owner = await ownerOf(alert, undefined, executions, deps);
    if (owner?.kind === "elsewhere") return owner.note.joinedTo ?? owner.note.id;
    const own = owner?.alert ?? alert;
    if (!executions.isHere(incidentId(own))) await executions.begin(executionName(own), { alert: own });
    return incidentId(own);
  });
  const unreadable = rejected.map(async (one) => (await one).told.id);
  return [...new Set(await Promise.all([...accepted, ...unreadable]))];
}

/**
 * Hands each alert of an event over to a durable engine elsewhere, which lets it in and dedups it by the execution's
 * name. Returns those names. Throws when an alert could not be handed over, or what cannot be read could not be kept:
 * then the sender has to send the event again.
 */
export async function forwardEvent(
  event: unknown,
  options: IntakeOptions,
  begin: (name: string, input: IncidentInput) => Promise<unknown>,
  given: IntakeDependencies,
): Promise<string[]> {
  const deps = withHarmlessProgress(given);
  const { alerts, rejected } = readAlerts(event, options, deps);
  const forwarded = alerts.map(async (alert) => {
    await begin(executionName(alert), { alert });
    deps.logger.info("alert-forwarded", { incident: incidentId(alert), alert: alert.title });
    return executionName(alert);
  });
  // All of them, before one that failed ends this: a repetition of the event begins nothing twice.
  await Promise.allSettled([...forwarded, ...rejected]);
  const names = await Promise.all(forwarded);
  if ((await Promise.all(rejected)).every(({ kept }) => kept)) return names;
  throw notKept();
}

function notKept(): OpsAgentError {
  return new OpsAgentError({
    code: "store-failed",
    message: "An event that could not be read could not be kept either.",
    remedy:
      "It comes again, or is in the dead-letter queue; check the store and the function's rights on it.",
    retryable: true,
  });
}

/** Names of executions whose incidents were let in, and that need not exist: a process may have died between the two. */
export async function abandoned(deps: PipelineDependencies): Promise<string[]> {
  return (await mine(deps)).map(({ alert }) => executionName(alert));
}

/** Begins the {@link abandoned}; those that were begun already go on as they are. */
export async function beginAbandoned(executions: Executions, deps: PipelineDependencies): Promise<void> {
  for (const { alert } of await mine(deps)) await executions.begin(executionName(alert), { alert });
}

async function mine(deps: PipelineDependencies) {
  const open = await deps.store.open();
  return open.filter((one) => one.engine === deps.engine());
}

/**
 * Who takes care of the alert already. `elsewhere`: somebody else, or this process; the note is all that is left to do.
 * `ours`: an incident of our own engine, whose process may have died.
 */
type Owner =
  | { readonly kind: "elsewhere"; readonly note: Incident }
  | { readonly kind: "ours"; readonly alert: Alert; readonly note: Incident };

/** Undefined when the alert needs an incident of its own, or nobody can say. */
async function ownerOf(
  alert: Alert,
  deadline: string | undefined,
  executions: Executions,
  deps: PipelineDependencies,
): Promise<Owner | undefined> {
  if (alert.state !== "ALARM") return undefined;
  const admitted = await admit(alert, deadline, deps).catch((error: unknown) => {
    // The workflow comes upon the same fault, investigates nevertheless and tells people of it.
    deps.logger.error("alert-not-admitted", { alert: alert.key, error: asOpsAgentError(error).message });
    return undefined;
  });
  if (admitted?.kind !== "joined" && admitted?.kind !== "elsewhere") return undefined;
  const owner = admitted.incidentId;
  deps.logger.info("alert-joined", { alert: alert.title, incident: owner });
  const note = await belonging(openIncident(alert, deps.diagnoser), owner, deps).catch(() => undefined);
  if (note === undefined) return undefined;
  if (admitted.kind === "elsewhere" || executions.isHere(owner)) return { kind: "elsewhere", note };
  const open = (await mine(deps).catch(() => [])).find((one) => one.incidentId === owner);
  return open === undefined ? { kind: "elsewhere", note } : { kind: "ours", alert: open.alert, note };
}

function readAlerts(event: unknown, options: IntakeOptions, deps: IntakeDependencies) {
  const receivedAt = deps.now().toISOString();
  const { alerts, noted, unreadable } = readEvent(event, {
    receivedAt,
    alarms: deps.policy.alarms,
    alertLabels: deps.policy.alertLabels,
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
  });
  for (const { path, what } of noted) deps.logger.info("event-noted", { path, what: redact(what) });
  const raw = rawOf(event);
  return {
    alerts: alerts.map(withoutSecrets),
    rejected: unreadable.map((problem) => rejectEvent(problem, raw, receivedAt, deps)),
  };
}

const MAY_GO_ON =
  "It could not be given up either: OpsAgent may go on with it once its store works again (`opsagent resume`).";

/** The engine lost an incident: it is reported as failed, with what the store knows of actions begun. */
async function reportLost(alert: Alert, fault: OpsAgentError, deps: PipelineDependencies): Promise<Incident> {
  const { code, message, remedy } = fault;
  const opened = openIncident(alert, deps.diagnoser);
  const begun = await deps.store.actionsSince(alert.receivedAt).catch(() => undefined);
  const mine = begun?.filter((action) => action.incidentId === opened.id) ?? [];
  // What comes now must not join an incident that nobody works on.
  const at = deps.now().toISOString();
  const given = await deps.store.finish(opened.id, { at, decayUntil: at }).then(
    () => true,
    () => false,
  );
  const unread = begun === undefined ? " Whether an action was begun could not be read." : "";
  return tell(
    {
      ...opened,
      status: "failed",
      summary: `OpsAgent lost the incident: ${message}`,
      actions: mine.map(unknownAction),
      failures: [
        {
          stage: "workflow",
          code,
          message: `${message}${unread}`,
          remedy: given ? remedy : `${remedy} ${MAY_GO_ON}`,
        },
      ],
      timeline: [{ at: alert.receivedAt, sinceMs: 0, event: "incident-lost", detail: message }],
    },
    deps,
  );
}

/** How many of the newest incidents can still be lending capacity. */
const LENDING_AMONG = 500;

/**
 * Another version of OpsAgent began this execution, which this version cannot go on with: people are told, and what
 * comes next opens an incident of its own. Throws `store-failed`: then it has to be tried again.
 */
export async function reportOutdated(
  execution: string,
  version: string,
  given: PipelineDependencies,
): Promise<void> {
  const deps = withHarmlessProgress(given);
  const about = ({ alert }: { readonly alert: Alert }) => executionName(alert) === execution;
  const open = (await deps.store.open()).find(about);
  if (open !== undefined) {
    const fault = new OpsAgentError({
      code: "superseded",
      message: `OpsAgent was updated while it worked on the incident, which version ${version} had begun.`,
      remedy: "Handle the incident by hand. Before an update, let `opsagent resume` end what is unfinished.",
    });
    await reportLost(open.alert, fault, deps);
    return;
  }
  const lending = (await deps.store.list({ limit: LENDING_AMONG })).find(
    (one) => about(one) && one.giveBack?.outcome === "waiting",
  );
  if (lending?.giveBack === undefined) return;
  const detail = "OpsAgent was updated meanwhile, so the added tasks stay until a person takes them back.";
  const ended: Incident = { ...lending, giveBack: { ...lending.giveBack, outcome: "left-alone", detail } };
  await deps.store.save(ended);
  for (const notifier of deps.notifiers) await notifier.notify(ended).catch(() => undefined);
  const at = deps.now().toISOString();
  await followWith(
    { name: "gave-back", kind: "incident-updated", at, incident: ended, needsPerson: true },
    deps,
  );
}

/** An action that the store saw begin and nobody saw end. */
function unknownAction(record: ActionRecord): ActionResult {
  const detail = "It was begun; whether it took place is not known.";
  return {
    action: record.action === "scale" || record.action === "rollback" ? record.action : "restart",
    target: { cluster: record.cluster, service: record.service },
    outcome: "unknown",
    before: {},
    after: {},
    steps: [{ what: record.action, outcome: "unknown", detail, startedAt: record.at, endedAt: record.at }],
    undo: "Look at the service first.",
  };
}

/**
 * An alert is kept as it comes in: in the execution's input, before any other stage sees it. Its free texts are redacted
 * here; names and dimensions are what metrics and alarms are found by.
 */
function withoutSecrets(alert: Alert): Alert {
  const { alarm, targetProblem } = alert;
  const { description, reason } = alarm ?? {};
  return {
    ...alert,
    title: redact(alert.title),
    ...(targetProblem === undefined ? {} : { targetProblem: redact(targetProblem) }),
    ...(alarm === undefined
      ? {}
      : {
          alarm: {
            ...alarm,
            ...(description === undefined ? {} : { description: redact(description) }),
            ...(reason === undefined ? {} : { reason: redact(reason) }),
          },
        }),
  };
}

/** The durable execution's name is the alert's idempotency key. */
export function executionName(alert: Alert): string {
  return `incident-${alert.key}`;
}

function rawOf(event: unknown): string {
  return typeof event === "string" ? event : (JSON.stringify(event) ?? "");
}

/** An event that came the wrong way: kept and told as one that cannot be read. Throws `store-failed` when it is not kept. */
export async function refuseEvent(event: unknown, why: string, deps: IntakeDependencies): Promise<Incident> {
  const problem = { path: "(event)", message: why };
  const { told, kept } = await rejectEvent(problem, rawOf(event), deps.now().toISOString(), deps);
  if (kept) return told;
  throw notKept();
}

const MAX_KEPT_CHARACTERS = 200_000;

/** An event that cannot be read is kept as it came and reported; it never vanishes and never acts. */
async function rejectEvent(
  problem: Unreadable,
  raw: string,
  receivedAt: string,
  deps: IntakeDependencies,
): Promise<{ readonly told: Incident; readonly kept: boolean }> {
  const key = createHash("sha256").update(raw).update(problem.path).digest("hex").slice(0, 32);
  const alert: Alert = {
    key,
    source: "unreadable",
    state: "ALARM",
    firedAt: receivedAt,
    receivedAt,
    title: "an event that could not be read",
  };
  const message = redact(`${problem.path}: ${problem.message}`);
  const kept = await deps.store
    .keepUnreadable({ at: receivedAt, raw: redact(raw.slice(0, MAX_KEPT_CHARACTERS)), problem: message })
    .then(
      () => true,
      (error: unknown) => {
        deps.logger.error("event-not-kept", { error: String(error) });
        return false;
      },
    );
  const incident: Incident = {
    schemaVersion: "1",
    id: incidentId(alert),
    status: "failed",
    summary: `An event could not be read: ${message}`,
    severity: "P2",
    alert,
    openedAt: receivedAt,
    diagnoser: deps.diagnoser,
    actions: [],
    failures: [
      {
        stage: "trigger",
        code: "event-unreadable",
        message: `The event could not be read. ${message}`,
        remedy: `Look at the sender's message; docs/reference/events.md shows what is accepted. ${kept ? "The event was kept." : "The event could not be kept: see the sender's own log."}`,
      },
    ],
    timeline: [{ at: receivedAt, sinceMs: 0, event: "event-unreadable", detail: message }],
  };
  return { told: await tell(incident, deps), kept };
}
