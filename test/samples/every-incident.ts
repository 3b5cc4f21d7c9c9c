import type { Incident } from "../../src/domain/incident/incident.ts";
import {
  escalatedIncident,
  failedIncident,
  observedIncident,
  resolvedIncident,
  unprovenIncident,
} from "./incidents.ts";
import {
  flappingNoFault,
  furtherAttempt,
  furtherWaiting,
  gaveBack,
  joinedIncident,
  joinedNote,
  observedWouldHave,
  undoneScale,
} from "./incidents-over-time.ts";
import {
  approvedRollback,
  deniedRollback,
  expiredApproval,
  voidedApproval,
  waitingApproval,
} from "./incidents-with-people.ts";

/** A sample of every state an incident can be told in. */
export const SAMPLES: Readonly<Record<string, () => Incident>> = {
  resolvedIncident,
  escalatedIncident,
  unprovenIncident,
  failedIncident,
  observedIncident,
  waitingApproval,
  approvedRollback,
  deniedRollback,
  expiredApproval,
  voidedApproval,
  undoneScale,
  furtherAttempt,
  furtherWaiting,
  joinedIncident,
  joinedNote,
  flappingNoFault,
  observedWouldHave,
  gaveBack,
};
