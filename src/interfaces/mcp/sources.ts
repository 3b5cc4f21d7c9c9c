/** What the tools may ask. None of it acts, answers a question to a person, or writes. */
import { brakeLines, readBrakeState } from "../../domain/brake-state.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import type { Target } from "../../domain/target.ts";

/** The part of the store that reads; {@link onlyReading} makes sure that no more than this is passed on. */
export type ReadableRecords = Pick<
  IncidentStore,
  "get" | "list" | "summaries" | "actionsSince" | "judgements" | "pauses"
>;

export interface McpSettings {
  readonly policy: Policy;
  /** OPSAGENT_MODE. */
  readonly ceiling: Mode;
  /** ECS_CLUSTER. */
  readonly cluster: string | undefined;
}

export interface McpSources {
  /** Read anew for every question, so that a changed policy file counts. Throws `config-invalid`. */
  settings(): McpSettings;
  /** Throws `config-invalid`. */
  storeExists(): boolean;
  /** Opens the store for `work` and closes it afterwards. Throws `config-invalid` and `store-failed`. */
  read<T>(work: (records: ReadableRecords) => Promise<T>): Promise<T>;
  /** Told of what should not happen. */
  onFault(error: OpsAgentError): void;
}

/** A store without its methods that write. */
export function onlyReading(store: ReadableRecords): ReadableRecords {
  return {
    get: (id) => store.get(id),
    list: (options) => store.list(options),
    summaries: (query) => store.summaries(query),
    actionsSince: (since) => store.actionsSince(since),
    judgements: () => store.judgements(),
    pauses: (now) => store.pauses(now),
  };
}

/** What holds every change back now, or on one target: sentences with names and reasons that people wrote. */
export async function heldBack(
  records: Pick<ReadableRecords, "pauses">,
  target?: Target | undefined,
): Promise<readonly string[]> {
  return brakeLines(await readBrakeState(records, new Date()), target);
}

/** What to do where there is no store. */
export const NO_STORE_YET =
  "There is no store yet. OPSAGENT_STORE in the assistant's configuration of this server names it (without it, .opsagent/ in the folder that the server was started in is looked at); `opsagent drill` makes an incident to try this with.";

/** `work` with the store. Throws `config-invalid` where there is none yet: reading must not create it. */
export async function readStore<T>(
  sources: McpSources,
  work: (records: ReadableRecords) => Promise<T>,
): Promise<T> {
  if (sources.storeExists()) return sources.read(work);
  throw new OpsAgentError({
    code: "config-invalid",
    message: "No incident can be read.",
    remedy: NO_STORE_YET,
  });
}

/** The incident. Throws `config-invalid` for an id that the store does not have. */
export async function incidentOf(records: ReadableRecords, id: string): Promise<Incident> {
  const incident = await records.get(id);
  if (incident !== undefined) return incident;
  throw new OpsAgentError({
    code: "config-invalid",
    message: `There is no incident "${id.slice(0, 100)}" in this store.`,
    remedy: "list_incidents says which there are; an id looks like inc-20261123t070000-1a2b3c4d.",
  });
}
