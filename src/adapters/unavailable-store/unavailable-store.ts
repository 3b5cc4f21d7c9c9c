import type { OpsAgentError } from "../../domain/errors.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import { openIncidentsInMemory } from "./open-incidents.ts";

/**
 * Replaces a store that could not be opened: every write fails for the same reason. Alarms are still investigated and
 * reported, an alarm storm is still one incident a service, and nothing is changed, since every action needs a claim.
 */
export function createUnavailableStore(reason: OpsAgentError): IncidentStore & { close(): void } {
  const fail = () => Promise.reject(reason);
  return {
    ...openIncidentsInMemory(),
    eventsOf: fail,
    get: fail,
    list: fail,
    summaries: fail,
    keepUnreadable: fail,
    claim: fail,
    reserve: fail,
    recordAction: fail,
    actionsSince: fail,
    ask: fail,
    approval: fail,
    approvalsOf: fail,
    unanswered: fail,
    answer: fail,
    postpone: fail,
    noteMessage: fail,
    messagesOf: fail,
    noteIncidentMessage: fail,
    append: fail,
    entries: fail,
    entriesOf: fail,
    sealedEvents: fail,
    unsealedEvent: fail,
    trailHead: fail,
    keepSeal: fail,
    seals: fail,
    newestSeal: fail,
    judge: fail,
    judgements: fail,
    pause: fail,
    resume: fail,
    pauses: fail,
    publishPolicy: fail,
    newestPolicy: fail,
    policyVersions: fail,
    close() {},
  };
}
