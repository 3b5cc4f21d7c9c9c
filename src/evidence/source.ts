import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import type { Fact, Gap } from "../domain/evidence.ts";
import type { Policy } from "../domain/policy.ts";
import type { Target } from "../domain/target.ts";
import type {
  ActionLogReader,
  AlarmReader,
  ChangeLogReader,
  DeploymentHistoryReader,
  EcsReader,
  FiringAlarmReader,
  HostReader,
  LoadBalancerReader,
  LogReader,
  MetricReader,
  PastIncidents,
  ReadOptions,
  ScalingReader,
  ServiceNamesReader,
} from "./ports.ts";

/** The readers that evidence needs. */
export interface Readers {
  readonly ecs: EcsReader;
  readonly metrics: MetricReader;
  readonly logs: LogReader;
  readonly loadBalancers: LoadBalancerReader;
  readonly scaling: ScalingReader;
  readonly alarms: AlarmReader;
  /** Sources that not every installation has; a missing one is no gap. */
  readonly deploymentHistory?: DeploymentHistoryReader;
  readonly hosts?: HostReader;
  readonly firingAlarms?: FiringAlarmReader;
  readonly changeLog?: ChangeLogReader;
  readonly actionLogs?: ActionLogReader;
  readonly pastIncidents?: PastIncidents;
  /** Compares names of the policy with the cluster. */
  readonly serviceNames?: ServiceNamesReader;
}

/** The input of every source. `now` is epoch milliseconds. */
export interface EvidenceContext {
  readonly alert: Alert;
  readonly target: Target;
  readonly timing: Policy["timing"];
  readonly logGroupPrefix: string;
  /** Namespaces that the policy trusts beside AWS's own. */
  readonly trustedNamespaces?: readonly string[];
  readonly now: number;
  /** Epoch milliseconds; set when an earlier look has found it. */
  readonly onset?: number;
  readonly readers: Readers;
}

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/** A fact before it has its id. Ids are assigned in a fixed order once every source has answered. */
export type FactDraft = WithoutId<Fact>;

/** One source's result: its reading, if it succeeded, and its gaps. */
export interface SourceResult<T> {
  readonly value?: T;
  readonly gaps: readonly Gap[];
}

/**
 * Runs a read that not every account supports. An operation that the endpoint does not know is no gap, since nobody
 * can act on it; the report names the sources that were read.
 */
export async function readOptional<T>(
  source: string,
  timeoutSeconds: number,
  read: ((options: Required<ReadOptions>) => Promise<T>) | undefined,
): Promise<SourceResult<T>> {
  if (read === undefined) return { gaps: [] };
  const result = await readSource(source, false, timeoutSeconds, read);
  return result.gaps.some((gap) => gap.code === "aws-unsupported") ? { gaps: [] } : result;
}

/**
 * Runs one read with its own time limit. A failure becomes a gap, never an exception, so that the other sources are
 * still used.
 */
export async function readSource<T>(
  source: string,
  important: boolean,
  timeoutSeconds: number,
  read: (options: Required<ReadOptions>) => Promise<T>,
): Promise<SourceResult<T>> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(
        new OpsAgentError({
          code: "aws-unreachable",
          message: `no answer within ${timeoutSeconds} s`,
          remedy: "Check the network path from the agent to AWS.",
        }),
      );
    }, timeoutSeconds * 1000);
  });
  try {
    return { value: await Promise.race([read({ signal: controller.signal }), timeout]), gaps: [] };
  } catch (thrown) {
    const error = asOpsAgentError(thrown);
    return { gaps: [{ source, code: error.code, message: error.message, remedy: error.remedy, important }] };
  } finally {
    clearTimeout(timer);
  }
}
