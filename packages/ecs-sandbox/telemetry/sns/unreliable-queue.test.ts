import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TelemetryConditions } from "../conditions.ts";
import type { Delivery } from "./delivery.ts";
import { createUnreliableQueue, type UnreliableQueue } from "./unreliable-queue.ts";

let sent: string[];
let queue: UnreliableQueue;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  queue = createUnreliableQueue({
    send: ({ body }) => void sent.push(body),
    idle: async () => {},
    stop: async () => {},
  });
});
afterEach(() => vi.useRealTimers());

function delivery(body: string): Delivery {
  return { url: () => "", headers: {}, body, attemptTimeoutMilliseconds: 1, giveUpAfterMilliseconds: 1 };
}

function setConditions(notifications: unknown): void {
  queue.setConditions(TelemetryConditions.parse({ notifications }).notifications);
}

test("is on time, once and in order unless told otherwise", () => {
  for (const body of ["a", "b", "c"]) queue.send(delivery(body));

  expect(sent).toEqual(["a", "b", "c"]);
});

test("sends copies apart and all of them late", () => {
  setConditions({ copies: 3, copyAfterSeconds: 2, delaySeconds: 10 });
  queue.send(delivery("a"));

  const counts = [9_999, 1, 2_000, 2_000, 60_000].map((milliseconds) => {
    vi.advanceTimersByTime(milliseconds);
    return sent.length;
  });

  expect(counts).toEqual([0, 1, 2, 3, 3]);
});

test("turns the order of what it holds round, and begins anew after that", () => {
  setConditions({ reorderSeconds: 1 });
  queue.send(delivery("a"));
  vi.advanceTimersByTime(900);
  queue.send(delivery("b"));
  vi.advanceTimersByTime(200);
  queue.send(delivery("c"));
  vi.advanceTimersByTime(2_000);

  expect(sent).toEqual(["b", "a", "c"]);
});

test("holds nothing after it was stopped", () => {
  setConditions({ delaySeconds: 1, reorderSeconds: 1 });
  queue.send(delivery("a"));
  vi.advanceTimersByTime(1_500);
  queue.send(delivery("b"));

  queue.stop();

  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([]);
});
