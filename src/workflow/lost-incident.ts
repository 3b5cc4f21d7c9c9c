/** Incidents that the engine cannot go on with: people are told, and what comes next opens an incident of its own. */
import type { Alert } from "../domain/alert.ts";
import { OpsAgentError } from "../domain/errors.ts";
import type { ActionResult, Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import { openIncident } from "../domain/incident/incident-fold.ts";
import type { ActionRecord } from "../domain/ports.ts";
import { post, tryAll } from "../notification/delivery.ts";
import { createLanes } from "../notification/lanes.ts";
import { tellAtOnce } from "../notification/notify.ts";
import { updateLetters } from "../notification/status-updates.ts";
import { unanswered } from "./alarm-ok.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import { executionName, leftName } from "./execution-name.ts";

const MAY_GO_ON =
  "It could not be given up either: OpsAgent may go on with it once its store works again (`opsagent continue`).";

/** The engine lost an incident: it is reported as failed, with what the store knows of actions begun. */
export async function reportLost(
  alert: Alert,
  fault: OpsAgentError,
  deps: WorkflowDependencies,
): Promise<Incident> {
  const { code, message, remedy } = fault;
  const opened = openIncident(alert, deps.diagnoser);
  const begun = await deps.store.actionsSince(alert.receivedAt).catch(() => undefined);
  const mine = begun?.filter((action) => action.incidentId === opened.id) ?? [];
  // What comes now must not join an incident that nobody works on.
  const at = deps.now().toISOString();
  const given = await deps.store.releaseLock(opened.id, { at, decayUntil: at }).then(
    () => true,
    () => false,
  );
  const unread = begun === undefined ? " Whether an action was begun could not be read." : "";
  const failure = {
    stage: "workflow",
    code,
    message: `${message}${unread}`,
    remedy: given ? remedy : `${remedy} ${MAY_GO_ON}`,
  };
  const about = { incidentId: opened.id, at };
  // What the store has of it stays; where it has nothing, the alert is where it begins.
  const known = await deps.store.get(opened.id).catch(() => undefined);
  const events: IncidentEvent[] = [
    ...(known === undefined
      ? [
          {
            ...about,
            kind: "opened" as const,
            key: "open",
            at: alert.receivedAt,
            alert,
            diagnoser: deps.diagnoser,
          },
        ]
      : []),
    ...(known?.undelivered ?? []).map(({ channel, what }) => ({
      ...about,
      kind: "delivery-superseded" as const,
      key: `lost:${channel}-${what}`,
      channel,
      what,
      why: "the incident was lost",
    })),
    {
      ...about,
      kind: "failed",
      key: "lost",
      failure,
      summary: `OpsAgent lost the incident: ${message}`,
      actions: mine.map(unknownAction),
    },
  ];
  return tellAtOnce(events, known, deps);
}

/** How many of the newest incidents can still be withCapacity capacity. */
const LENDING_AMONG = 500;

/**
 * Another version of OpsAgent began this execution, which this version cannot go on with: people are told, and what
 * comes next opens an incident of its own. Throws `store-failed`: then it has to be tried again.
 */
export async function reportOutdated(
  execution: string,
  version: string,
  deps: WorkflowDependencies,
): Promise<void> {
  const about = ({ alert }: { readonly alert: Alert }) => executionName(alert) === execution;
  await goOnTelling(execution, about, deps);
  const open = (await deps.store.open()).find(about);
  if (open !== undefined && (await onlySettles(open.incidentId, deps))) {
    const at = deps.now().toISOString();
    await deps.store.releaseLock(open.incidentId, { at, decayUntil: at });
    return;
  }
  if (open !== undefined) {
    const fault = new OpsAgentError({
      code: "superseded",
      message: `OpsAgent was updated while it worked on the incident, which version ${version} had begun.`,
      remedy:
        "Handle the incident by hand. Before an update, let `opsagent continue` end what is unfinished.",
    });
    await reportLost(open.alert, fault, deps);
    return;
  }
  const withCapacity = (await deps.store.list({ limit: LENDING_AMONG })).find(
    (one) => about(one) && one.giveBack?.outcome === "waiting",
  );
  if (withCapacity?.giveBack === undefined) return;
  const detail = "OpsAgent was updated meanwhile, so the added tasks stay until a person takes them back.";
  const temporary = { ...withCapacity.giveBack, outcome: "left-alone" as const, detail };
  const now = deps.now().toISOString();
  await deps.store.append([
    { kind: "capacity-returned", incidentId: withCapacity.id, key: "scale-in-outdated", at: now, temporary },
  ]);
  const ended: Incident = { ...withCapacity, giveBack: temporary };
  for (const notifier of deps.notifiers) await notifier.notify(ended).catch(() => undefined);
  const at = deps.now().toISOString();
  const moment = {
    name: "gave-back",
    kind: "incident-updated",
    at,
    incident: ended,
    needsPerson: true,
  } as const;
  await tryAll(
    post(
      updateLetters(() => moment, deps),
      createLanes(),
    ),
    undefined,
    true,
    deps,
  );
}

/** What waited to be told of a closed incident is told by this version. */
async function goOnTelling(
  execution: string,
  about: (incident: Incident) => boolean,
  { store, tellLater }: WorkflowDependencies,
): Promise<void> {
  const left = (await store.list({ limit: LENDING_AMONG })).find(
    (one) => about(one) || execution === leftName(one.id) || execution.startsWith(`${leftName(one.id)}-`),
  );
  if (left?.closedAt !== undefined && left.undelivered !== undefined) await tellLater?.(left);
}

/** People were told how it ended, and nothing was begun or asked since: it only waits for more alarms of its fault. */
async function onlySettles(incidentId: string, { store }: WorkflowDependencies): Promise<boolean> {
  const closedAt = (await store.get(incidentId))?.closedAt;
  if (closedAt === undefined) return false;
  const begun = (await store.actionsSince(closedAt)).some((action) => action.incidentId === incidentId);
  return !begun && (await unanswered(incidentId, store)).length === 0;
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
