/** Explains what the policy allows on a service, with the past actions in the store. */
import type { ActionRecord } from "../../domain/action-record.ts";
import type { Pause } from "../../domain/brake.ts";
import type { Cause } from "../../domain/cause.ts";
import { asOpsAgentError, OpsAgentError } from "../../domain/errors.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import { explainPolicy, type HistoryState, type PolicyExplanation } from "../../policy/explain.ts";

export interface ServiceQuestion {
  readonly policy: Policy;
  /** OPSAGENT_MODE. */
  readonly ceiling: Mode;
  readonly service: string;
  /** Undefined: the cluster in which something was done on the service. */
  readonly cluster: string | undefined;
  /** Only this cause; undefined: all of them. */
  readonly cause: Cause | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** Undefined when there is no store yet; a throw becomes part of the explanation. */
  readonly actionsSince: ((since: string) => Promise<readonly ActionRecord[]>) | undefined;
  /** The brake; undefined when there is no store yet. */
  readonly pauses?: ((now: string) => Promise<readonly Pause[]>) | undefined;
  /** Why the policy of now cannot be used. */
  readonly policyProblem?: string | undefined;
}

/** Stands for an unknown cluster. */
export const UNKNOWN_CLUSTER = "-";

/** The longest window of a guardrail, as in a real decision. 7 days. */
const HISTORY_MS = 7 * 24 * 60 * 60_000;

/** Explains the service. Throws `config-invalid` when it is in several clusters and none was named. */
export async function explainService(question: ServiceQuestion): Promise<PolicyExplanation> {
  const { policy, policyProblem, ceiling, service, cause, at } = question;
  const history = await historyAt(question);
  // A store that cannot be read refuses already, as the history says.
  const pauses = (await question.pauses?.(at).catch(() => undefined)) ?? [];
  const cluster = question.cluster ?? clusterIn(history, service);
  const target = { cluster: cluster ?? UNKNOWN_CLUSTER, service };
  return explainPolicy({ policy, ceiling, target, at, history, cause, pauses, policyProblem });
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

/** Returns the cluster of the service from past actions. Throws when there are two. */
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
