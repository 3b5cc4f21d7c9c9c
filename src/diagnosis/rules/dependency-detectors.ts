/** Dependency failures: causes outside the service, where a restart or more tasks would not help and can do harm. */

import type { Cause } from "../../domain/cause.ts";
import type { FactOf } from "../../domain/evidence.ts";
import { FULL_DISK_PERCENT } from "../../domain/limits.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { amount } from "../../evidence/times.ts";
import type { Detector } from "./detector.ts";
import { type EvidenceView, ifRaised, moreTasks, percent, periodsBefore, present } from "./evidence-view.ts";

type Signal = NonNullable<FactOf<"log-pattern">["data"]["signal"]>;

interface OutsideCause {
  readonly cause: Cause;
  readonly signals: readonly Signal[];
  /** Words of the digest's closed vocabulary for the cause. */
  readonly words: RegExp;
  readonly sentence: string;
  readonly nextStep: string;
  /** Words that name the cause itself rank above words that name a consequence. */
  readonly rank: number;
}

const OUTSIDE: readonly OutsideCause[] = [
  {
    cause: "certificate-expired",
    signals: ["certificate"],
    words: /certificate-expired|CertVerification|CertificateExpired|CERT_HAS_EXPIRED/,
    sentence: "TLS connections fail on a certificate",
    nextStep: "Check the validity of the certificate that the log patterns name.",
    rank: 0.06,
  },
  {
    cause: "permission-denied",
    signals: ["permission"],
    words: /AccessDenied|Unauthorized(Operation|Exception)|not-authorized/,
    sentence: "Calls are refused for lack of permission",
    nextStep: "Check the task role and what changed in it (CloudTrail).",
    rank: 0.05,
  },
  {
    cause: "dependency-throttled",
    signals: ["throttled"],
    words: /Throttl|TooManyRequests|rate-limit|quota/i,
    sentence: "A dependency answers with throttling",
    nextStep: "Check the quota and the request rate of the dependency; back off instead of adding tasks.",
    rank: 0.04,
  },
  {
    cause: "network-failure",
    signals: ["dns"],
    words:
      /host-unreachable|network-unreachable|no-route|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UnknownHost/,
    sentence: "Names do not resolve or the network cannot be reached",
    nextStep: "Check DNS, security groups, network access lists, routes and endpoints.",
    rank: 0.03,
  },
  {
    cause: "dependency-down",
    signals: ["connection-refused", "timeout"],
    words:
      /connection-refused|ConnectionError|ECONNREFUSED|unavailable|connection-(timeout|reset|lost)|closed-early|hang-up|ECONNRESET|cannot-connect|upstream-5xx/,
    sentence: "Calls to something the service depends on are refused, fail or time out",
    nextStep: "Find the dependency that the log patterns name and check whether it runs.",
    rank: 0,
  },
];

/** Returns log patterns that name a cause outside the service's own tasks. */
export function dependencyText(view: EvidenceView): readonly FactOf<"log-pattern">[] {
  return present(OUTSIDE.flatMap((cause) => patternsOf(cause, view)));
}

function patternsOf(cause: OutsideCause, view: EvidenceView): readonly FactOf<"log-pattern">[] {
  return present([...view.logs(...cause.signals), ...view.words(cause.words)]).filter(
    (fact) => !POOL_WORDS.test(fact.data.template),
  );
}

/** Whether tasks that pass their checks also answer badly: with errors, or most of them late. */
export function dependencyFailure(view: EvidenceView): boolean {
  return isRaised(view.metric("errors-5xx")) || isRaised(view.metric("latency-p50"));
}

/** Names of settings about calls: timeouts, retries and addresses. */
const CALL_SETTING = /time.?out|deadline|retr(y|ies)|attempts|_(url|uri|host|port|addr|dsn)\b|endpoint|pool/i;

/**
 * The deployment before the onset, if it added or removed a setting about calls: the calls changed, not their target.
 */
export function callsChanged(view: EvidenceView): FactOf<"task-definition-diff"> | undefined {
  if (view.blamedDeployment === undefined) return undefined;
  const changed = view.diff?.data.changes.some(
    ({ what, before, after }) =>
      /environment|secret/.test(what) && CALL_SETTING.test(differing(before, after)),
  );
  return changed ? view.diff : undefined;
}

/** Names that are in only one of two lists. */
function differing(before: string, after: string): string {
  const [old, now] = [before, after].map((names) => names.split(/[\s,]+/)) as [string[], string[]];
  return [...old.filter((name) => !now.includes(name)), ...now.filter((name) => !old.includes(name))].join(
    " ",
  );
}

/** Seconds before the onset within which a deployment justifies asking a person about a rollback. */
const ROLLBACK_QUESTION_SECONDS = 15 * 60;

function detectOutside(cause: OutsideCause, view: EvidenceView): ReturnType<Detector["detect"]> {
  const words = patternsOf(cause, view);
  const errors = [
    view.metric("errors-5xx"),
    view.metric("elb-5xx"),
    view.metric("latency-p99"),
    view.alarmMetric,
  ].flatMap((fact) => ifRaised(fact) ?? []);
  if (words.length === 0) return cause.cause === "dependency-down" ? waitsForSomething(view) : undefined;
  const resources = present([ifRaised(view.metric("cpu")), ifRaised(view.metric("memory"))]).filter(
    // A resource that departed only after the errors is their consequence.
    (fact) => (periodsBefore(errors[0], fact) ?? 0) <= 0,
  );
  const stops = view.stops("out-of-memory", "disk-full", "image-pull-failed");
  const starts = view.stops("crashed", "exited-successfully");
  const times = words.reduce((sum, fact) => sum + fact.data.count, 0);
  const trusted = errors.length > 0 || starts.length > 0;
  // A fault of what all tasks call would show in the answers of all, but only one task is unhealthy.
  const oneSick =
    view.unhealthyTargets.length > 0 && view.healthyTargets !== undefined && !dependencyFailure(view);
  const deployment = view.blamedDeployment;
  const own = callsChanged(view);
  const recent =
    deployment !== undefined && (deployment.data.secondsBeforeOnset ?? 0) <= ROLLBACK_QUESTION_SECONDS;
  return {
    confidence: Math.max(
      0.3,
      (trusted ? 0.85 : 0.5) +
        cause.rank -
        (resources.length > 0 || stops.length > 0 ? 0.2 : 0) -
        (own === undefined ? 0 : 0.2) -
        (oneSick ? 0.2 : 0),
    ),
    rootCause: `${cause.sentence} (${times} log lines${errors.length > 0 ? ", and errors rose with them" : ""}); the service's own tasks ${view.unhealthyTargets.length > 0 ? "are partly unhealthy" : "run and are healthy"}.`,
    severity: "P1",
    supports: [...errors, ...starts, ...words, recent ? deployment : undefined],
    against: [...resources, ...stops, own, oneSick ? view.healthyTargets : undefined],
    missing: trusted ? [] : ["A metric that shows the failures; so far only log lines do."],
    nextSteps: [
      cause.nextStep,
      recent
        ? `${deployment.data.taskDefinition} was deployed shortly before: check whether it changed what is called.`
        : "Restarting or scaling this service would not help.",
    ],
  };
}

/** CPU below this share of its baseline is idle: most of the work is not done. */
const IDLE_SHARE = 0.6;

/** Without a log pattern: most answers are late while the tasks idle, so they wait for something else. */
function waitsForSomething(view: EvidenceView): ReturnType<Detector["detect"]> {
  const most = ifRaised(view.metric("latency-p50"));
  const slow = most ?? ifRaised(view.metric("latency-p99"));
  const cpu = view.metric("cpu");
  const idle = cpu !== undefined && cpu.data.summary.current < IDLE_SHARE * cpu.data.summary.baseline;
  if (slow === undefined)
    return isRaised(view.metric("errors-5xx")) ? "No log pattern speaks of it." : undefined;
  if (
    cpu?.data.summary.direction !== "down" ||
    (most === undefined && !idle) ||
    view.trafficGrew ||
    view.blamedDeployment !== undefined
  ) {
    return "Answers are late, but the tasks are not waiting idly.";
  }
  return {
    confidence: 0.72,
    rootCause: `Answers take ${amount(slow.data.summary.current)} s instead of ${amount(slow.data.summary.baseline)} s while CPU fell from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}: the tasks wait for something they call.`,
    severity: "P2",
    supports: [slow, cpu, ifRaised(view.metric("errors-5xx"))],
    missing: ["Log lines or traces that name what is waited for."],
    nextSteps: ["Find out which call is slow; restarting or scaling this service would not help."],
  };
}

export const dependencyDetectors: readonly Detector[] = OUTSIDE.map((cause) => ({
  cause: cause.cause,
  detect: (view) => detectOutside(cause, view),
}));

/** Ingress is blocked: every target times out, although the tasks are idle and log no problem. */
export const ingressBlocked: Detector = {
  cause: "network-failure",
  detect: (view) => {
    const timeouts = view.unhealthyTargets.filter((target) => target.data.reason === "Target.Timeout");
    if (timeouts.length === 0 || view.healthyTargets !== undefined) return undefined;
    if (view.blamedDeployment !== undefined) return "A deployment came before it.";
    const cpu = view.metric("cpu");
    const idle = cpu?.data.summary.direction === "down";
    const loud = view.words(/./).length > 0;
    if (!idle || loud) return "The tasks are busy or speak of trouble themselves.";
    return {
      confidence: 0.85,
      rootCause: `Every target times out at once while the tasks run, idle and silent (CPU fell from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}): nothing reaches them.`,
      severity: "P1",
      supports: [...timeouts, cpu, view.metric("unhealthy-hosts"), ifRaised(view.metric("elb-5xx"))],
      nextSteps: [
        "Check the security groups and network access lists between load balancer and tasks (CloudTrail).",
      ],
    };
  },
};

/** Words of exhausted pools and descriptors, in the digest's closed vocabulary. */
const POOL_WORDS =
  /pool-(exhausted|timeout)|connection-limit|file-limit|EMFILE|ENFILE|timeout\b.*\bpool\b|\bpool\b.*\b(idle|waiting)\b/i;

/** Tasks younger than this have not leaked for long; a leak shows with age. */
const LEAK_AGE_SECONDS = 3600;

export const connectionLeak: Detector = {
  cause: "connection-leak",
  detect: (view) => {
    const words = present([...view.logs("too-many-connections"), ...view.words(POOL_WORDS)]);
    if (words.length === 0) return undefined;
    if (view.trafficGrew) return "Traffic grew, which uses up a pool without a leak.";
    if (moreTasks(view)) return "There are more tasks than usual, and each of them takes its share.";
    const trusted = present([
      ifRaised(view.metric("errors-5xx")),
      ifRaised(view.metric("unhealthy-hosts")),
      ifRaised(view.metric("latency-p99")),
    ]);
    const slow = trusted.some((fact) => fact.data.summary.shape === "ramp");
    const old = view.runningTasks.some((task) => (task.data.ageSeconds ?? 0) > LEAK_AGE_SECONDS);
    const partly = view.unhealthyTargets.length > 0 && view.healthyTargets !== undefined;
    return {
      confidence: trusted.length === 0 ? 0.45 : partly || (slow && old) ? 0.88 : 0.72,
      rootCause: `Connections or file descriptors run out inside the service${slow ? ", more and more" : ""}, under level traffic.`,
      severity: "P2",
      supports: [...trusted, ...view.unhealthyTargets, ...words],
      nextSteps: ["Look for connections that are opened and not closed; bound the pool."],
    };
  },
};

/** The dependency accepts a limited number of connections, and more tasks than before need one. */
export const connectionsShared: Detector = {
  cause: "dependency-throttled",
  detect: (view) => {
    const tasks = moreTasks(view);
    const words = view.logs("too-many-connections");
    if (tasks === undefined || words.length === 0) return undefined;
    const { baseline, current } = tasks.data.summary;
    const failures = present([ifRaised(view.metric("errors-5xx")), ifRaised(view.metric("latency-p99"))]);
    return {
      confidence: failures.length > 0 ? 0.88 : 0.6,
      rootCause: `What the service calls takes no more connections since it runs ${amount(current)} tasks instead of ${amount(baseline)}.`,
      severity: "P2",
      supports: [tasks, ...failures, ...words],
      nextSteps: [
        "Go back to the usual count of tasks, or raise the limit of connections of what is called.",
        "Bound the pool of each task by that limit divided by the most tasks that there can be.",
      ],
    };
  },
};

export const diskFull: Detector = {
  cause: "disk-full",
  detect: (view) => {
    const stops = view.stops("disk-full");
    const words = view.logs("disk-full");
    const full = view.metrics("task-disk").filter((fact) => fact.data.summary.current > FULL_DISK_PERCENT);
    if (stops.length === 0 && words.length === 0 && full.length === 0) return undefined;
    const named = full.map(({ data }) => `task ${data.taskId} (${percent(data.summary.current)})`);
    const sick = view.unhealthyTargets;
    const partly = sick.length > 0 && view.healthyTargets !== undefined;
    const trusted = present([ifRaised(view.metric("errors-5xx")), ifRaised(view.metric("unhealthy-hosts"))]);
    return {
      confidence: stops.length > 0 || full.length > 0 ? 0.92 : partly ? 0.87 : trusted.length > 0 ? 0.8 : 0.5,
      rootCause: `The disk of ${named.join(", ") || (sick.length > 0 ? `${sick.length} tasks` : "the tasks")} is full.`,
      severity: "P2",
      supports: [...stops, ...full, ...sick, ...trusted, ...words],
      nextSteps: ["Find what fills the disk (logs, temporary files), or raise the ephemeral storage."],
    };
  },
};
