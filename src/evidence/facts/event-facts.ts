/** The service's own events: what ECS says of it, in its words. */
import type { FactOf } from "../../domain/evidence.ts";
import type { ServiceReading } from "../../domain/reading.ts";
import type { FactDraft } from "../source.ts";
import { clock } from "../times.ts";

type EventClass = FactOf<"service-event">["data"]["class"];

const OTHER: EventClass = "other";

/** Wording from the ECS developer guide, "Service event messages". */
const EVENT_CLASSES: readonly (readonly [EventClass, RegExp])[] = [
  ["unhealthy", /is unhealthy in|failed container health checks|failed ELB health checks/i],
  // Before placement: "unable to place a task" is the head of what kept it from starting, too.
  [
    "start-failure",
    /failed to launch a task with|unable to place a task.{1,20}(?:Fetching secret|ResourceInitializationError|CannotPull|User: \S+ is not authorized)/is,
  ],
  ["placement-failure", /unable to place a task|No Container Instances were found/i],
  ["start-impaired", /unable to consistently start tasks/i],
  ["throttled", /operations are being throttled/i],
  ["protected", /protected tasks/i],
];

/**
 * What ECS says while all goes well. Every other event is a fact: ECS's list of words is open.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
const ORDINARY =
  /has reached a steady state|is (?:not )?AZ balanced|has (?:started|stopped) \d+ (?:running |pending )?tasks?\b|(?:de)?registered \d+ (?:targets?|instances?|containers?) |has begun draining connections|deployment \S+ (?:deployment )?(?:completed|created|in progress)|updated computedDesiredCount|Alarm detection is|set desired count to/i;

const MAX_EVENTS = 20;

/**
 * Returns events since `since` (epoch milliseconds) that indicate a problem, equal ones counted, those of a known kind
 * first. What is ordinary is left out.
 */
export function eventFacts(service: ServiceReading, since: number): FactDraft[] {
  const groups = new Map<string, { at: string; message: string; count: number; class: EventClass }>();
  for (const event of service.events) {
    if (Date.parse(event.at) < since) continue;
    const [eventClass] = EVENT_CLASSES.find(([, pattern]) => pattern.test(event.message)) ?? [OTHER];
    if (eventClass === OTHER && ORDINARY.test(event.message)) continue;
    const key = event.message.replace(/[0-9a-f]{32}|\d+/g, "#");
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { at: event.at, message: event.message, count: 1, class: eventClass });
    else group.count += 1;
  }
  const known = [...groups.values()].filter((group) => group.class !== OTHER);
  const others = [...groups.values()].filter((group) => group.class === OTHER);
  return [...known, ...others].slice(0, MAX_EVENTS).map(({ at, message, count, class: eventClass }) => ({
    kind: "service-event",
    provenance: "control-plane",
    at,
    statement: `ECS event${count > 1 ? ` (${count} times, last` : " ("}${clock(at)}): ${message}`,
    data: { class: eventClass, message, count },
  }));
}
