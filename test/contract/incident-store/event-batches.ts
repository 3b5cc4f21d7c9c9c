/** Any course of up to three incidents, cut into appends. */
import fc from "fast-check";
import type { IncidentEvent } from "../../../src/domain/incident/incident-event.ts";
import { incidentStream } from "../../samples/incident-events.ts";

const IDS = ["inc-a", "inc-b", "inc-c"] as const;

/** Events of one incident: some are left out, others come before its opening, or twice with other words. */
const course = (id: string) =>
  fc
    .record({
      events: fc.subarray(incidentStream(id).slice(1), { minLength: 1, maxLength: 7 }),
      openedAs: fc.nat({ max: 2 }),
      again: fc.nat({ max: 6 }),
      repeats: fc.boolean(),
    })
    .map(({ events, openedAs, again, repeats }) => {
      const opening = incidentStream(id).slice(0, 1);
      const all = [...events.slice(0, openedAs), ...opening, ...events.slice(openedAs)];
      const said = all[again];
      return repeats && said !== undefined ? [...all, otherwise(said)] : all;
    });

/** The same key with other words, as a second process may have them. */
function otherwise(event: IncidentEvent): IncidentEvent {
  return { ...event, at: "2026-11-23T09:00:00.000Z" };
}

/** Appends in turn: each incident's events in their order, the incidents' mixed, one to four events an append. */
export const appendBatches: fc.Arbitrary<readonly (readonly IncidentEvent[])[]> = fc
  .record({
    courses: fc.tuple(...IDS.map(course)),
    turns: fc.array(fc.nat({ max: IDS.length - 1 }), { minLength: 30, maxLength: 30 }),
    sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 30, maxLength: 30 }),
  })
  .map(({ courses, turns, sizes }) => {
    const left = courses.map((events) => [...events]);
    const mixed = turns.flatMap((turn) => left[turn]?.splice(0, 1) ?? []);
    const all = [...mixed, ...left.flat()];
    const batches: IncidentEvent[][] = [];
    for (const size of sizes) if (all.length > 0) batches.push(all.splice(0, size));
    return batches;
  });
