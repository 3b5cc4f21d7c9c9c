import {
  decideAdmission,
  finishedPlace,
  keptOpenUntil,
  type PlaceState,
  type SeenAlert,
} from "../../alert-grouping/grouping-rules.ts";
import type { JoinedAlert, OpenIncident } from "../../domain/alert-grouping.ts";
import type { OpenIncidents } from "../../domain/ports.ts";

/** Which incident an alert belongs to, in this process's memory: one incident a service also without a store. */
export function openIncidentsInMemory(): OpenIncidents {
  const seen = new Map<string, SeenAlert>();
  const places = new Map<string, PlaceState>();
  const open = new Map<string, OpenIncident>();
  const joined = new Map<string, JoinedAlert[]>();
  const joinedTo = (incidentId: string) => (joined.get(incidentId) ?? []).toSorted(byTime);

  return {
    async admit(admission) {
      const { alert, place } = admission;
      const known = { seen: seen.get(alert.key), place: places.get(place) };
      const { answer, changes } = decideAdmission(admission, known);
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

    async keepOpen(incidentId, aliveUntil) {
      const incident = open.get(incidentId);
      const place = incident && places.get(incident.place);
      const until = keptOpenUntil(incidentId, place, aliveUntil);
      if (incident === undefined || place === undefined || until === undefined) return false;
      places.set(incident.place, { ...place, aliveUntil: until });
      open.set(incidentId, { ...incident, aliveUntil: until });
      return true;
    },

    async finish(incidentId, { decayUntil }) {
      const incident = open.get(incidentId);
      const place = incident && finishedPlace(incidentId, places.get(incident.place), decayUntil);
      if (incident !== undefined && place !== undefined) places.set(incident.place, place);
      open.delete(incidentId);
      return joinedTo(incidentId);
    },

    joined: async (incidentId) => joinedTo(incidentId),

    open: async () => [...open.values()],
  };
}

function byTime(a: JoinedAlert, b: JoinedAlert): number {
  return Date.parse(a.joinedAt) - Date.parse(b.joinedAt);
}
