/** Traffic that does not arrive: what lies in front of the service is broken or quiet, so its tasks are left alone. */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { amount, clock } from "../../evidence/times.ts";
import { type EvidenceView, percent } from "../view/evidence-view.ts";
import { type Loss, lostTraffic } from "../view/lost-traffic.ts";
import type { Say } from "./said.ts";

/** A change in the period of the onset counts as before it. Seconds. */
const SAME_PERIOD_SECONDS = 60;

/** What may keep requests away, what in the evidence speaks for it, and how to check it. */
interface WayIn {
  readonly sign: (view: EvidenceView, loss: Loss) => string | undefined;
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
      cameInBatches(shown) ? "requests came in batches, as a scheduler's do" : undefined,
    nextStep: "Check whether the schedule, queue or job that brings this work still runs.",
  },
  {
    sign: (_view, { shown, kind }) =>
      kind === "requests" && shown.data.summary.current > 0
        ? "some requests still arrive, so one of several callers may have stopped"
        : undefined,
    nextStep:
      "Ask those who call the service whether they stopped: which clients of an hour ago are missing in the access log?",
  },
];

function changed(
  view: EvidenceView,
  what: string,
  is: (data: FactOf<"change">["data"]) => boolean,
): string | undefined {
  const first = factsOf(view.evidence, "change").find(
    ({ data }) => data.secondsBeforeOnset >= -SAME_PERIOD_SECONDS && is(data),
  );
  return first && `${what} before (${first.data.event} by ${first.data.who})`;
}

/** Whether whole periods without a request were usual before, as between the runs of a job. */
function cameInBatches({ data }: FactOf<"metric">): boolean {
  const before = data.points.filter(([at]) => at < Date.parse(data.summary.onset ?? data.summary.last));
  return before.filter(([, value]) => value === 0).length > before.length / 3;
}

export const trafficLoss: Say = (view) => {
  const loss = lostTraffic(view);
  if (loss === undefined) return undefined;
  const ways = WAYS_IN.map(({ sign, nextStep }) => ({ nextStep, sign: sign(view, loss) }));
  const [likely, unlikely] = [ways.filter(({ sign }) => sign), ways.filter(({ sign }) => !sign)];
  const signs = likely.flatMap(({ sign }) => sign ?? []);
  return {
    rootCause: `${described(loss, view)}, while ${wellness(view)}${signs.length > 0 ? `; ${signs.join("; ")}` : ""}.`,
    severity: "P2",
    missing: loss.kind === "work" ? ["A count of what arrives, such as requests or a queue's messages."] : [],
    nextSteps: [
      ...[...likely, ...unlikely].map(({ nextStep }) => nextStep),
      "Restarting or scaling this service brings no requests.",
    ],
  };
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
