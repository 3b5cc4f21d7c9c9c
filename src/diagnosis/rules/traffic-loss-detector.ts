/**
 * Traffic that does not arrive: the service is well and less is asked of it than usual. What lies in front of it is
 * broken or quiet, so nothing that is done to its tasks helps.
 */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { isLowered } from "../../domain/metric-side.ts";
import { amount, clock } from "../../evidence/times.ts";
import type { Detector } from "./detector.ts";
import { type EvidenceView, othersFire, percent, present, sicknessOf } from "./evidence-view.ts";

/** Requests at this share of the usual, or fewer, are more than an ebb within the hour. */
const LOST_SHARE = 0.5;

/** Fewer errors than this share of the usual requests send no caller away. */
const HURT_SHARE = 0.01;

/** A change in the period of the onset counts as before it. Seconds. */
const SAME_PERIOD_SECONDS = 60;

/** The series that shows the loss. `silent`: nothing is counted any more, and CPU fell with it. */
interface Loss {
  readonly shown: FactOf<"metric">;
  readonly kind: "requests" | "silent" | "work";
}

/** Returns what shows that less arrives than usual, or undefined. */
export function lostTraffic(view: EvidenceView): Loss | undefined {
  const requests = view.metrics("requests");
  const cpu = view.metric("cpu");
  // Traffic that moved to another target group is not lost.
  if (requests.some(({ data }) => data.summary.direction === "up" && data.noDataSince === undefined))
    return undefined;
  const fewer = requests.find(
    (fact) => isLowered(fact) && (isTooFewFor(fact) || isLost(fact)) && !ebbedBefore(fact),
  );
  if (fewer !== undefined) return { shown: fewer, kind: "requests" };
  // A load balancer counts nothing while nothing arrives, and so does a lost measurement: CPU tells them apart.
  const silent = requests.find(({ data }) => data.noDataSince !== undefined);
  if (silent !== undefined) return isLowered(cpu) ? { shown: silent, kind: "silent" } : undefined;
  const idle = cpu !== undefined && requests.length === 0 && isTooFewFor(cpu) && isLost(cpu);
  return idle ? { shown: cpu, kind: "work" } : undefined;
}

/** The alarm that fired is the team's own word that this is too little. */
function isTooFewFor({ data }: FactOf<"metric">): boolean {
  return data.isAlarm === true && data.beyond === "below" && data.scalingTarget !== true;
}

/** Whether requests were as few for as long before and came back, as between the waves of a partner that sends in bulk. */
function ebbedBefore({ data }: FactOf<"metric">): boolean {
  const { current, max } = data.summary;
  const half = current + (max - current) / 2;
  const ebbs: number[] = [0];
  for (const [, value] of data.points) {
    if (value < half) ebbs.push((ebbs.pop() ?? 0) + 1);
    else ebbs.push(0);
  }
  const [now = 0, ...earlier] = ebbs.toReversed();
  // What the window began with may have lasted for any time before it.
  return now > 0 && earlier.slice(0, -1).some((length) => length >= now);
}

function isLost({ data }: FactOf<"metric">): boolean {
  return data.summary.direction === "down" && data.summary.current <= LOST_SHARE * data.summary.baseline;
}

/** Returns why the service itself explains it, or undefined where the service is well. */
function explanation(view: EvidenceView, { shown }: Loss): string | undefined {
  const sick = sicknessOf(view);
  if (sick !== undefined) return sick;
  const unhealthy = view.runningTasks.some((task) => task.data.health === "UNHEALTHY");
  if (unhealthy) return "Tasks fail their health checks.";
  const hurt = failureBefore(view, shown);
  return hurt && `${hurt.data.label} rose before: callers may leave a service that answers badly.`;
}

/** Returns errors or late answers that began before the loss. */
export function failureBefore(view: EvidenceView, loss: FactOf<"metric">): FactOf<"metric"> | undefined {
  return (["errors-5xx", "elb-5xx", "latency-p50", "latency-p99"] as const)
    .flatMap((role) => view.metric(role) ?? [])
    .find((fact) => departedBefore(fact, loss));
}

function departedBefore({ data }: FactOf<"metric">, loss: FactOf<"metric">): boolean {
  const { onset, direction, shape, max } = data.summary;
  if (/5xx/.test(data.role) && max < HURT_SHARE * loss.data.summary.baseline) return false;
  if (direction !== "up" || shape === "flat" || onset === undefined) return false;
  return onset <= (loss.data.summary.onset ?? loss.data.noDataSince ?? onset);
}

/** A sign for one way in, and the words for it. */
interface Sign {
  readonly facts: readonly (FactOf<"change"> | FactOf<"metric">)[];
  readonly words: string;
}

/** What may keep requests away, what in the evidence speaks for it, and how to check it. */
interface WayIn {
  readonly sign: (view: EvidenceView, loss: Loss) => Sign | undefined;
  readonly nextStep: string;
}

/** The surest sign first: a change that was made before what usually goes wrong. */
const WAYS_IN: readonly WayIn[] = [
  {
    sign: (view) =>
      changed(view, "a listener or target group was changed", ({ area }) => area === "load-balancing"),
    nextStep:
      "Compare the listener's rules and certificate with what clients call (CloudTrail: ModifyRule, ModifyListener).",
  },
  {
    sign: (view) =>
      changed(view, "DNS records were changed", ({ event }) => event === "ChangeResourceRecordSets"),
    nextStep:
      "Resolve the service's names from where its clients are, and compare them with the load balancer's.",
  },
  {
    sign: (_view, { shown }) =>
      cameInBatches(shown)
        ? { facts: [shown], words: "requests came in batches, as a scheduler's do" }
        : undefined,
    nextStep: "Check whether the schedule, queue or job that brings this work still runs.",
  },
  {
    sign: (_view, { shown, kind }) =>
      kind === "requests" && shown.data.summary.current > 0
        ? { facts: [shown], words: "some requests still arrive, so one of several callers may have stopped" }
        : undefined,
    nextStep:
      "Ask those who call the service whether they stopped: which clients of an hour ago are missing in the access log?",
  },
];

function changed(
  view: EvidenceView,
  what: string,
  is: (data: FactOf<"change">["data"]) => boolean,
): Sign | undefined {
  const facts = factsOf(view.evidence, "change").filter(
    ({ data }) => data.secondsBeforeOnset >= -SAME_PERIOD_SECONDS && is(data),
  );
  const [first] = facts;
  if (first === undefined) return undefined;
  return { facts, words: `${what} before (${first.data.event} by ${first.data.who})` };
}

/** Whether whole periods without a request were usual before, as between the runs of a job. */
function cameInBatches({ data }: FactOf<"metric">): boolean {
  const before = data.points.filter(([at]) => at < Date.parse(data.summary.onset ?? data.summary.last));
  return before.filter(([, value]) => value === 0).length > before.length / 3;
}

export const trafficLoss: Detector = {
  cause: "traffic-loss",
  detect: (view) => {
    const loss = lostTraffic(view);
    if (loss === undefined) return undefined;
    const explained = explanation(view, loss);
    if (explained !== undefined) return explained;
    const own = view.alarm?.data.scaling;
    if (own !== undefined && !othersFire(view)) {
      return "Only autoscaling's own alarm fires, as it does whenever less is asked of the service.";
    }
    const ways = WAYS_IN.map(({ sign, nextStep }) => ({ nextStep, sign: sign(view, loss) }));
    const [likely, unlikely] = [ways.filter(({ sign }) => sign), ways.filter(({ sign }) => !sign)];
    const signs = likely.flatMap(({ sign }) => sign ?? []);
    const deployment = view.blamedDeployment;
    const cpu = view.metric("cpu");
    return {
      confidence: loss.kind === "work" ? 0.6 : deployment === undefined ? 0.88 : 0.7,
      rootCause: `${described(loss, view)}, while ${wellness(view)}${signs.length > 0 ? `; ${signs.map(({ words }) => words).join("; ")}` : ""}.`,
      action: "none",
      severity: "P2",
      supports: present([
        loss.shown,
        isLowered(cpu) ? cpu : undefined,
        view.service,
        view.healthyTargets,
        ...signs.flatMap(({ facts }) => facts),
      ]),
      against: [deployment],
      missing:
        loss.kind === "work" ? ["A count of what arrives, such as requests or a queue's messages."] : [],
      nextSteps: [
        ...[...likely, ...unlikely].map(({ nextStep }) => nextStep),
        "Restarting or scaling this service brings no requests.",
      ],
    };
  },
};

/** What arrives now and what usually does. */
function described({ shown, kind }: Loss, view: EvidenceView): string {
  const { summary, threshold } = shown.data;
  const { baseline, current, onset } = summary;
  const since = ` since ${clock(onset ?? view.evidence.onset)}`;
  if (kind === "work") {
    return `Less work arrives than usual, or the tasks wait for it: CPU fell from ${percent(baseline)} to ${percent(current)}${since}`;
  }
  if (kind === "silent") {
    return `Requests that usually arrive do not: none was counted since ${clock(summary.last)}, ${amount(baseline)} a period before, and CPU fell with them`;
  }
  return onset === undefined
    ? `Fewer requests arrive than should: ${amount(current)} a period, below the alarm's threshold ${amount(threshold ?? 0)}`
    : `Requests that usually arrive do not: ${amount(current)} a period instead of ${amount(baseline)}${since}`;
}

function wellness({ service, healthyTargets }: EvidenceView): string {
  const tasks = `${service?.data.running ?? 0} of ${service?.data.desired ?? 0} tasks run`;
  return healthyTargets === undefined ? tasks : `${tasks} and all targets are healthy`;
}
