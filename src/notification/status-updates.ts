/** Status updates: tells those who follow an incident of its events. Nothing that is done for the service waits for it. */

import { readSuppression } from "../alert-grouping/suppression.ts";
import { valueFor } from "../domain/exit.ts";
import { STATUS_UPDATE } from "../domain/incident/delivery-fold.ts";
import type { Attempt, Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps } from "../workflow/durable-steps.ts";
import {
  type Delivery,
  deliveryEvents,
  isWaiting,
  type Letter,
  leaveEnded,
  post,
  secondsBeforeTry,
  tryAll,
} from "./delivery.ts";
import type { Lanes } from "./lanes.ts";
import type { StatusUpdate, StatusUpdateKind, Subscriber } from "./ports.ts";

export interface StatusUpdates {
  /** Tells that the incident is worked on. */
  opened(run: DurableSteps): void;
  /** Tells the record after an event, where the event is one that subscribers hear of. */
  happened(event: IncidentEvent, incident: Incident, run: DurableSteps): void;
  /** Whether anybody knows of the incident, so that its end must be told, too. For inside of steps. */
  told(): Promise<boolean>;
}

/** How an incident is told while it goes on. */
export interface Telling {
  readonly statusUpdates: StatusUpdates;
  readonly lanes: Lanes;
  /** The process ends soon: what is not taken at once is lost. */
  readonly last: boolean;
}

/** What became of one moment. */
interface Told {
  readonly told: boolean;
  readonly deliveries: readonly Delivery[];
}

/**
 * Starts the telling of one incident, as durable deliveries that are not waited for. `last`: the process ends soon, and
 * what is not taken at once is lost.
 */
export function createStatusUpdates(deps: WorkflowDependencies, lanes: Lanes, last: boolean): StatusUpdates {
  const known: { told: Promise<boolean> }[] = [];
  const tell = (name: string, kind: StatusUpdateKind, at: string, incident: Incident, run: DurableSteps) => {
    const moment = { name, kind, at, incident, needsPerson: kind === "approval-requested" };
    const posted = post(
      updateLetters(() => moment, deps),
      lanes,
    );
    // What waits to be told was found worth telling before.
    const mine = { told: Promise.resolve(true) };
    known.push(mine);
    const telling = run.deliver<Told>(
      `tell-${name}`,
      secondsBeforeTry,
      async (before) => {
        mine.told = before === undefined ? isTold(incident, deps) : Promise.resolve(before.told);
        const told = await mine.told;
        if (!told) return { state: { told, deliveries: [] }, done: true };
        const deliveries = await tryAll(posted, before?.deliveries, last, deps);
        return { state: { told, deliveries }, done: !deliveries.some(isWaiting) };
      },
      ({ deliveries }) => deliveryEvents(`tell-${name}`, deliveries),
    );
    const over = ({ told, deliveries }: Told) => {
      mine.told = Promise.resolve(told);
      if (told) leaveEnded(posted, deliveries);
      else for (const { place } of posted) place.leave();
    };
    telling.then(over, () => over({ told: false, deliveries: [] }));
  };
  return {
    opened: (run) => tell("opened", "incident-opened", run.incident.openedAt, run.incident, run),
    happened(event, incident, run) {
      const moment = momentOf(event, incident);
      if (moment !== undefined) tell(moment.name, moment.kind, event.at, incident, run);
    },
    async told() {
      const all = await Promise.all(known.map(({ told }) => told));
      return all.some((told) => told);
    },
  };
}

/** The moment that subscribers hear of, named as it is published; undefined for events that they do not hear of. */
function momentOf(
  event: IncidentEvent,
  incident: Incident,
): { readonly name: string; readonly kind: StatusUpdateKind } | undefined {
  const updated = (name: string) => ({ name, kind: "incident-updated" as const });
  switch (event.kind) {
    case "decided":
      // A late decision that changes nothing is no news, and one after a yes is told as the action.
      return event.afterApproval || event.attempt === "late"
        ? undefined
        : updated(ofAttempt("decided", event.attempt));
    case "approval-requested":
      return { name: ofAttempt("asked", event.attempt), kind: "approval-requested" };
    case "approval-answered":
      return updated(
        ofAttempt(
          `approval-${event.answer.verdict}`,
          incident.further?.approval?.id === event.approvalId ? "second" : "first",
        ),
      );
    case "action-claimed":
      return event.purpose === "scale-in" ? undefined : updated(`acting-${event.effect}`);
    case "action-ended":
      return updated(ofAttempt("acted", event.attempt));
    case "verified":
      return updated(ofAttempt("verified", event.attempt));
    case "undone":
      return updated(ofAttempt("undone", event.attempt));
    default:
      return undefined;
  }
}

const SUFFIX: Readonly<Record<Attempt, string>> = { first: "", second: "-2", late: "-late" };

function ofAttempt(name: string, attempt: Attempt): string {
  return `${name}${SUFFIX[attempt]}`;
}

/** One letter for each subscriber, redacted. `moment` is asked again when it is sent; its name and kind stay. */
export function updateLetters(
  moment: () => StatusUpdate,
  { subscribers = [] }: Pick<WorkflowDependencies, "subscribers">,
): Letter[] {
  const { name, kind, needsPerson } = moment();
  const isEnd = kind === "incident-closed" || (name === "gave-back" && needsPerson);
  const send = (subscriber: Subscriber) => {
    const { incident, ...rest } = moment();
    return subscriber.update({ ...rest, incident: valueFor("person", incident) });
  };
  return subscribers.map((subscriber) => ({
    channel: subscriber.name,
    stage: "report",
    moment: name,
    what: isEnd && !subscriber.needsEvery ? REPORT : `${STATUS_UPDATE} ${name}`,
    send: () => send(subscriber),
    ...(isEnd ? {} : { quiet: true }),
    ...(subscriber.needsEvery ? {} : ABOUT_STATE[isEnd ? "end" : "update"]),
  }));
}

/** Subscribers that show the incident's state need only the newest one, and always the end. */
const ABOUT_STATE = {
  update: { optional: true, about: { topic: "state", covers: "state" } },
  end: { about: { covers: "state" } },
} as const;

/** What the report is called in events. */
export const REPORT = "the report";

/** The same noise does not open a message each time; where the judgement is another one, the next moment tells it. */
async function isTold(incident: Incident, deps: WorkflowDependencies): Promise<boolean> {
  if ((deps.subscribers ?? []).length === 0) return false;
  if (incident.diagnosis !== undefined) return incident.rememberedFrom === undefined;
  const suppression = await readSuppression(incident.alert, undefined, deps).catch(() => undefined);
  return suppression?.suppressedBy === undefined;
}
