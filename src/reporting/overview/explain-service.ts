/** Explains what the policy allows on a service, with the past actions in the store. */
import type { ActionRecord } from "../../domain/action-record.ts";
import type { Pause } from "../../domain/brake.ts";
import type { Cause } from "../../domain/cause.ts";
import { asOpsAgentError, OpsAgentError } from "../../domain/errors.ts";
import { type Evidence, factsOf } from "../../domain/evidence.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import type { Target } from "../../domain/target.ts";
import { explainPolicy, type HistoryState, type PolicyExplanation } from "../../policy/explain.ts";
import { preflight, type RemedyOutlook } from "../../remediation/preflight/preflight.ts";

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
  /** Reads the service as it is now; undefined where it is not to be read. A throw becomes part of the explanation. */
  readonly evidenceOf?: ((target: Target) => Promise<Evidence>) | undefined;
}

/** The explanation of the policy with what each remedy would come to on the service as it is now. */
export interface ServiceExplanation extends PolicyExplanation {
  /** `read`: with the outlook of each remedy. `unread`: why the service itself could not be judged. */
  readonly service:
    | { readonly state: "read"; readonly seen: string; readonly remedies: readonly RemedyOutlook[] }
    | { readonly state: "unread"; readonly why: string };
}

/** Stands for an unknown cluster. */
export const UNKNOWN_CLUSTER = "-";

/** The longest window of a guardrail, as in a real decision. 7 days. */
const HISTORY_MS = 7 * 24 * 60 * 60_000;

/** Explains the service. Throws `config-invalid` when it is in several clusters and none was named. */
export async function explainService(question: ServiceQuestion): Promise<ServiceExplanation> {
  const { policy, policyProblem, ceiling, service, cause, at } = question;
  const history = await historyAt(question);
  // A store that cannot be read refuses already, as the history says.
  const pauses = (await question.pauses?.(at).catch(() => undefined)) ?? [];
  const cluster = question.cluster ?? clusterIn(history, service);
  const target = { cluster: cluster ?? UNKNOWN_CLUSTER, service };
  const explanation = explainPolicy({ policy, ceiling, target, at, history, cause, pauses, policyProblem });
  return { ...explanation, service: await judgeService(question, target, history, pauses) };
}

async function judgeService(
  { policy, policyProblem, ceiling, cause, evidenceOf }: ServiceQuestion,
  target: Target,
  history: HistoryState,
  pauses: readonly Pause[],
): Promise<ServiceExplanation["service"]> {
  if (evidenceOf === undefined) return { state: "unread", why: "It was not asked for." };
  if (target.cluster === UNKNOWN_CLUSTER) {
    return { state: "unread", why: "Its cluster is not known; say it with --cluster or ECS_CLUSTER." };
  }
  try {
    const evidence = await evidenceOf(target);
    const service = factsOf(evidence, "service")[0];
    if (service === undefined) {
      const gap = evidence.gaps.find(({ source }) => source === "service");
      return { state: "unread", why: gap?.message ?? "AWS knows no such service." };
    }
    const known = {
      known: history.state === "known" ? history.actions : [],
      none: [],
      unreadable: undefined,
    };
    const outlook = preflight({
      evidence,
      policy,
      policyProblem,
      ceiling,
      target,
      history: known[history.state],
      pauses,
    });
    const remedies = outlook.filter((one) => cause === undefined || one.cause === cause);
    return { state: "read", seen: service.statement, remedies };
  } catch (fault) {
    return { state: "unread", why: asOpsAgentError(fault).message };
  }
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
