import type { NotificationConditions } from "../conditions.ts";
import type { Delivery, DeliveryQueue } from "./delivery.ts";

/** Apart enough that the receiver sees them in the order in which they are sent. */
const REORDERED_GAP = { milliseconds: 50 };

/**
 * What SNS promises and no more: at least once, in best-effort order.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export interface UnreliableQueue {
  send(delivery: Delivery): void;
  setConditions(conditions: NotificationConditions): void;
  /** Drops what has not been handed to the queue yet. */
  stop(): void;
}

/** Creates a queue in front of a queue: on time, once and in order until configured otherwise. */
export function createUnreliableQueue(queue: DeliveryQueue): UnreliableQueue {
  const timers = new Set<NodeJS.Timeout>();
  let conditions: NotificationConditions | undefined;
  let held: Delivery[] = [];

  function after(seconds: number, run: () => void): void {
    if (seconds === 0) {
      run();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, seconds * 1000);
    timers.add(timer);
  }

  function releaseHeld(): void {
    const newestFirst = held.toReversed();
    held = [];
    newestFirst.forEach((delivery, index) => {
      after((index * REORDERED_GAP.milliseconds) / 1000, () => queue.send(delivery));
    });
  }

  function hold(delivery: Delivery, seconds: number): void {
    if (held.length === 0) after(seconds, releaseHeld);
    held.push(delivery);
  }

  return {
    send(delivery) {
      const { copies = 1, copyAfterSeconds = 0, delaySeconds = 0, reorderSeconds = 0 } = conditions ?? {};
      for (let copy = 0; copy < copies; copy += 1) {
        after(delaySeconds + copy * copyAfterSeconds, () => {
          if (reorderSeconds > 0) hold(delivery, reorderSeconds);
          else queue.send(delivery);
        });
      }
    },
    setConditions(changed) {
      conditions = changed;
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      held = [];
    },
  };
}
