/**
 * Tells what is left of an incident that no workflow stands behind: of an event that nobody could read, of one that was
 * lost, or of one whose report waited while OpsAgent was updated.
 */
import type { Incident, Undelivered } from "../domain/incident/incident.ts";
import {
  type Delivery,
  deliveryEvents,
  isWaiting,
  post,
  secondsBeforeTry,
  tryAll,
} from "../notification/delivery.ts";
import { createLanes } from "../notification/lanes.ts";
import { closedLetters } from "../notification/notify.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps } from "./durable-steps.ts";

interface Left {
  readonly status: Incident["status"];
  readonly summary: string;
  /** What can still be told. */
  readonly left: readonly Undelivered[];
  /** What only its own workflow could have told. */
  readonly dropped: readonly Undelivered[];
}

/** Tries until everything that is left was taken or given up. Returns the incident as far as it is known. */
export async function tellLeft(run: DurableSteps, deps: WorkflowDependencies): Promise<Incident> {
  const opened = run.incident;
  const { id } = opened;
  let record: Incident | undefined;
  const nobody = { told: async () => true };
  const lettersOf = (status: Incident["status"]) =>
    closedLetters(() => record ?? { ...opened, status }, false, nobody, deps);
  const found = await run.step(
    "left-find",
    async (): Promise<Left> => {
      const { status, summary, undelivered = [] } = (await deps.store.get(id)) ?? opened;
      const letters = lettersOf(status);
      const isLeft = (one: Undelivered) =>
        letters.some(({ channel, what }) => channel === one.channel && what === one.what);
      return {
        status,
        summary,
        left: undelivered.filter(isLeft),
        dropped: undelivered.filter((one) => !isLeft(one)),
      };
    },
    ({ dropped }) =>
      dropped.map(({ channel, what }) => ({
        kind: "delivery-superseded",
        key: `left:dropped-${channel}-${what}`,
        channel,
        what,
        why: "the incident ended before it could be told",
      })),
  );
  const { status, summary, left } = found.value;
  const letters = lettersOf(status).filter(({ channel, what }) =>
    left.some((one) => one.channel === channel && one.what === what),
  );
  const posted = post(letters, createLanes());
  if (posted.length > 0) {
    await run.deliver<readonly Delivery[]>(
      "left-deliver",
      secondsBeforeTry,
      async (before) => {
        record = await deps.store.get(id).catch(() => undefined);
        const deliveries = await tryAll(posted, before, false, deps);
        return { state: deliveries, done: !deliveries.some(isWaiting) };
      },
      (deliveries) => deliveryEvents("left", deliveries),
    );
  }
  return { ...run.incident, status, summary };
}
