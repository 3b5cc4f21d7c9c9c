/** What the policy allows on a service, with what the store knows of it. */
import type { ActionRecord } from "../../domain/action-record.ts";
import type { Cause } from "../../domain/cause.ts";
import { asOpsAgentError, OpsAgentError } from "../../domain/errors.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import { explainPolicy, type HistoryState, type PolicyExplanation } from "../../policy/explain.ts";

export interface ServiceQuestion {
  readonly policy: Policy;
  /** OPSAGENT_MODE. */
  readonly ceiling: Mode;
  readonly service: string;
  /** Undefined: the one in which something was done on the service. */
  readonly cluster: string | undefined;
  /** Only this cause; undefined: all of them. */
  readonly cause: Cause | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** Undefined where there is no store yet; what it throws is part of the explanation. */
  readonly actionsSince: ((since: string) => Promise<readonly ActionRecord[]>) | undefined;
}

/** Stands where nobody knows the cluster. */
export const UNKNOWN_CLUSTER = "-";

/** The longest window of a guardrail, as in a real decision. */
const HISTORY_MS = 7 * 24 * 60 * 60_000;

/** Throws `config-invalid` where the service is in several clusters and none was named. */
export async function explainService(question: ServiceQuestion): Promise<PolicyExplanation> {
  const { policy, ceiling, service, cause, at } = question;
  const history = await historyAt(question);
  const cluster = question.cluster ?? clusterIn(history, service);
  const target = { cluster: cluster ?? UNKNOWN_CLUSTER, service };
  return explainPolicy({ policy, ceiling, target, at, history, cause });
}

async function historyAt({ at, actionsSince }: ServiceQuestion): Promise<HistoryState> {
  if (actionsSince === undefined) return { state: "none" };
  const since = new Date(Date.parse(at) - HISTORY_MS).toISOString();
  try {
    const actions = await actionsSince(since);
    return { state: "known", actions: actions.filter((past) => !(Date.parse(past.at) > Date.parse(at))) };
  } catch (fault) {
    return { state: "unreadable", why: asOpsAgentError(fault).message };
  }
}

/** The cluster of the service by what was done on it; two of them must be told apart by whoever asks. */
function clusterIn(history: HistoryState, service: string): string | undefined {
  const actions = history.state === "known" ? history.actions : [];
  const clusters = new Set(actions.filter((past) => past.service === service).map((past) => past.cluster));
  if (clusters.size <= 1) return [...clusters][0];
  throw new OpsAgentError({
    code: "config-invalid",
    message: `There is a service "${service}" in the clusters ${[...clusters].join(", ")}.`,
    remedy: "Say which one with --cluster or ECS_CLUSTER.",
  });
}
