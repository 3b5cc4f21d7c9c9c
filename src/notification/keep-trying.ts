/** Goes on with what a step could not deliver, durably and beside what comes after. */
import type { DurableSteps, StepEvent } from "../workflow/durable-steps.ts";
import {
  type Delivery,
  type DeliveryDependencies,
  deliveryEvents,
  isWaiting,
  leaveEnded,
  type Posted,
  secondsBeforeTry,
  tryAll,
} from "./delivery.ts";

/**
 * Begins the delivery `name` where one of the letters still waits after the first try, which the step `firstStep` made.
 * Its first look only sets the timer.
 */
export function keepTrying(
  name: string,
  firstStep: string,
  posted: readonly Posted[],
  first: readonly Delivery[],
  run: DurableSteps,
  deps: DeliveryDependencies,
): void {
  leaveEnded(posted, first);
  if (!first.some(isWaiting)) return;
  const said = new Set(deliveryEvents(firstStep, first).map(({ key }) => key));
  const fresh = (deliveries: readonly Delivery[]): StepEvent[] =>
    deliveryEvents(firstStep, deliveries).filter(({ key }) => !said.has(key));
  void run.deliver<readonly Delivery[]>(
    name,
    secondsBeforeTry,
    async (before) => {
      if (before === undefined) return { state: first, done: false };
      const deliveries = await tryAll(posted, before, false, deps);
      return { state: deliveries, done: !deliveries.some(isWaiting) };
    },
    fresh,
  );
}
