import {
  decideGrouping,
  type LockState,
  lockedUntil,
  releasedLock,
  type SeenAlert,
} from "../../alert-grouping/grouping-rules.ts";
import type { AttachedAlert, OpenIncident } from "../../domain/alert-grouping.ts";
import type { IncidentLocks } from "../../domain/ports.ts";

/** Incident locks in this process's memory: one incident a service also without a store. */
export function openIncidentsInMemory(): IncidentLocks {
  const seen = new Map<string, SeenAlert>();
  const places = new Map<string, LockState>();
  const open = new Map<string, OpenIncident>();
  const joined = new Map<string, AttachedAlert[]>();
  const joinedTo = (incidentId: string) => (joined.get(incidentId) ?? []).toSorted(byTime);

  return {
    async attachOrOpen(admission) {
      const { alert, place } = admission;
      const known = { seen: seen.get(alert.key), place: places.get(place) };
      const { answer, changes } = decideGrouping(admission, known);
      if (changes.seen) seen.set(alert.key, changes.seen);
      if (changes.place) places.set(place, changes.place);
      if (changes.opens) {
        const { incidentId, engine, aliveUntil } = changes.opens;
        open.set(incidentId, { ...(open.get(incidentId) ?? changes.opens), engine, aliveUntil });
      }
      if (changes.joins) {
        const { incidentId, alert: one } = changes.joins;
        const known = joined.get(incidentId) ?? [];
        known.push(one);
        joined.set(incidentId, known);
      }
      return answer;
    },

    async extendLock(incidentId, aliveUntil) {
      const incident = open.get(incidentId);
      const place = incident && places.get(incident.place);
      const until = lockedUntil(incidentId, place, aliveUntil);
      if (incident === undefined || place === undefined || until === undefined) return false;
      places.set(incident.place, { ...place, aliveUntil: until });
      open.set(incidentId, { ...incident, aliveUntil: until });
      return true;
    },

    async releaseLock(incidentId, { decayUntil }) {
      const incident = open.get(incidentId);
      const place = incident && releasedLock(incidentId, places.get(incident.place), decayUntil);
      if (incident !== undefined && place !== undefined) places.set(incident.place, place);
      open.delete(incidentId);
      return joinedTo(incidentId);
    },

    joined: async (incidentId) => joinedTo(incidentId),

    open: async () => [...open.values()],
  };
}

function byTime(a: AttachedAlert, b: AttachedAlert): number {
  return Date.parse(a.joinedAt) - Date.parse(b.joinedAt);
}
