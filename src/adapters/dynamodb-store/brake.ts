import { isInForce, Pause, pausedEntry, pauseToKeep, resumedEntry, scopeKey } from "../../domain/brake.ts";
import { recordToStore } from "../../domain/incident/stored-record.ts";
import type { Brake } from "../../domain/ports.ts";
import type { Sealer } from "./audit-trail.ts";
import { collected } from "./concurrently.ts";
import { type Decide, jsonField } from "./decide.ts";
import { keyPart } from "./keys.ts";
import type { Item, Table } from "./table.ts";

const BRAKE = "brake";

/**
 * One item for each scope that was ever paused, without `pause` once it is resumed. A pause is in force before its
 * entry in the audit trail is written: a crash in between leaves the brake on, and the caller without an answer.
 */
export function createBrake(table: Table, decide: Decide, { seal }: Pick<Sealer, "seal">): Brake {
  return {
    pause: async (pause) => {
      const kept = pauseToKeep(pause);
      const text = recordToStore(Pause, kept, "pause");
      const key = { pk: BRAKE, sk: keyPart(scopeKey(kept.scope)) };
      await decide("keep a pause", key, () => ({ answer: undefined, next: { pause: text } }));
      await seal(pausedEntry(kept));
    },

    resume: async (scope, resume) => {
      const key = { pk: BRAKE, sk: keyPart(scopeKey(scope)) };
      const ended = await decide("end a pause", key, (item) => {
        const pause = item && pauseOf(item);
        return pause === undefined ? { answer: undefined } : { answer: pause, next: {} };
      });
      if (ended === undefined || !isInForce(ended, resume.at)) return undefined;
      await seal(resumedEntry(ended, resume));
      return ended;
    },

    pauses: async (now) => {
      const items = await collected(table.query({ pk: BRAKE }));
      return items
        .flatMap((item) => pauseOf(item) ?? [])
        .filter((pause) => isInForce(pause, now))
        .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
    },
  };
}

function pauseOf(item: Item): Pause | undefined {
  if (item["pause"] === undefined) return undefined;
  return jsonField(Pause, item, "pause", `The stored pause ${item.sk} cannot be read`);
}
