/** Every known service: what the policy allows now, and its recent incidents. Pure. */
import type { ActionRecord } from "../../domain/action-record.ts";
import type { Pause } from "../../domain/brake.ts";
import type { RuleResult } from "../../domain/decision.ts";
import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import { explainPolicy } from "../../policy/explain.ts";

export interface ServiceOverview {
  readonly cluster: string | undefined;
  readonly service: string;
  readonly protected: boolean;
  readonly modes: readonly { readonly action: string; readonly mode: Mode; readonly setBy: string }[];
  /** The rules that refuse an action now, such as a cooldown; empty if none. */
  readonly heldBack: readonly RuleResult[];
  readonly history: string;
  readonly actionsLastHour: number;
  readonly actionsPerHour: number;
  readonly counts: Readonly<Record<"incidents" | "resolved" | "escalated" | "failed" | "open", number>>;
  /** The newest incidents, newest first. */
  readonly recent: readonly IncidentSummary[];
}

export interface ServicesInput {
  readonly policy: Policy;
  readonly ceiling: Mode;
  readonly cluster: string | undefined;
  readonly summaries: readonly IncidentSummary[];
  /** The brake. */
  readonly pauses?: readonly Pause[];
  /** Actions of the last seven days. */
  readonly actions: readonly ActionRecord[];
  /** ISO 8601. */
  readonly at: string;
}

const SHOWN = 8;
const HOUR = 3_600_000;

/** Returns the services of incidents, past actions and the policy, by name. */
export function servicesOverview(input: ServicesInput): ServiceOverview[] {
  const { policy, summaries, actions } = input;
  const known = new Map<string, KnownService>();
  const add = (cluster: string | undefined, service: string) => {
    const key = JSON.stringify([cluster, service]);
    const entry = known.get(key) ?? { cluster, service, incidents: [] };
    known.set(key, entry);
    return entry;
  };
  for (const summary of summaries) {
    if (summary.service !== undefined && summary.listedAs !== "note")
      add(summary.cluster, summary.service).incidents.push(summary);
  }
  for (const { cluster, service } of actions) add(cluster, service);
  const named = new Set([...known.values()].map(({ service }) => service));
  for (const service of Object.keys(policy.services)) if (!named.has(service)) add(input.cluster, service);
  return [...known.values()]
    .sort((one, other) => (one.service < other.service ? -1 : 1))
    .map((entry) => overviewOf(entry, input));
}

interface KnownService {
  readonly cluster: string | undefined;
  readonly service: string;
  readonly incidents: IncidentSummary[];
}

function overviewOf({ cluster, service, incidents }: KnownService, input: ServicesInput): ServiceOverview {
  const { policy, ceiling, pauses, actions, at } = input;
  const target = { cluster: cluster ?? "-", service };
  const said = explainPolicy({
    policy,
    ceiling,
    target,
    at,
    history: { state: "known", actions },
    pauses,
    cause: "unknown",
  });
  const held = [...said.rules, ...said.actions.flatMap(({ rules }) => rules)].filter(
    ({ rule, outcome }) => outcome === "refuse" || (outcome === "ask" && rule !== "mode"),
  );
  const count = (status: IncidentSummary["status"]) =>
    incidents.filter((incident) => incident.status === status).length;
  return {
    cluster,
    service,
    protected: policy.services[service]?.protected ?? false,
    modes: said.actions.map(({ action, mode, setBy }) => ({ action, mode, setBy })),
    heldBack: [...new Map(held.map((result) => [`${result.rule} ${result.reason}`, result])).values()],
    history: said.history,
    actionsLastHour: actions.filter(
      (past) =>
        past.service === service && past.cluster === cluster && Date.parse(at) - Date.parse(past.at) < HOUR,
    ).length,
    actionsPerHour: policy.limits.actionsPerHour,
    counts: {
      incidents: incidents.length,
      resolved: count("resolved"),
      escalated: count("escalated"),
      failed: count("failed"),
      open: count("open"),
    },
    recent: incidents.slice(0, SHOWN),
  };
}
