import type { OpsAgentError } from "../../domain/errors.ts";
import type { IncidentStore } from "../../pipeline/ports.ts";

/**
 * Stands in for a store that could not be opened: everything asked of it fails for the same reason. An alarm is
 * then still investigated and reported, and nothing can be done, since every action needs a claim.
 */
export function createUnavailableStore(reason: OpsAgentError): IncidentStore & { close(): void } {
  const fail = () => Promise.reject(reason);
  return {
    save: fail,
    get: fail,
    list: fail,
    claim: fail,
    recordAction: fail,
    actionsSince: fail,
    keepUnreadable: fail,
    close() {},
  };
}
