/** Conditions on the load, and on what more tasks could do about it. */
import { type Evidence, type FactOf, factsOf, type MetricRole, metricsOf } from "../../domain/evidence.ts";
import { HOT_CPU_PERCENT } from "../../domain/limits.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { type Condition, no, notKnown, partly, yes } from "./condition.ts";

type Metric = FactOf<"metric">;

const first = (evidence: Evidence, role: MetricRole): Metric | undefined => metricsOf(evidence, role)[0];

/** Requests at this many times their baseline grew beyond noise. */
const GREW = 1.5;
/** Requests at this many times their baseline may have grown; below it they move within noise. */
const MAY_HAVE_GROWN = 1.3;

export const loadGrew: Condition = {
  name: "load-grew",
  asks: "the service gets clearly more requests than before",
  read: (trusted) => {
    const requests = first(trusted, "requests");
    if (requests === undefined || requests.data.noDataSince !== undefined) {
      return notKnown("no series counts the requests now");
    }
    const { baseline, current, direction } = requests.data.summary;
    if (!(baseline > 0)) return notKnown("no requests came before to compare with");
    const ratio = current / baseline;
    const says = `requests are at ${ratio.toFixed(1)} times their baseline`;
    if (direction !== "up" || ratio < MAY_HAVE_GROWN) return no(says);
    return ratio >= GREW ? yes(says) : partly(says);
  },
};

/** CPU in percent from which on tasks are busy, though not at their limit. */
const BUSY_PERCENT = 60;

const HURT = ["errors-5xx", "elb-5xx", "latency-p50", "latency-p99", "unhealthy-hosts"] as const;

export const suffers: Condition = {
  name: "suffers",
  asks: "the service suffers: answers late or with errors, fails checks, or has its CPU at the limit",
  read: (trusted) => {
    const hurt = HURT.find((role) => isRaised(first(trusted, role)));
    if (hurt !== undefined) return yes(`${hurt} is raised`);
    const sick = factsOf(trusted, "target-health").filter(({ data }) => data.state === "unhealthy").length;
    if (sick > 0) return yes("targets are unhealthy");
    const cpu = first(trusted, "cpu");
    if (cpu === undefined || cpu.data.noDataSince !== undefined) {
      return HURT.every((role) => first(trusted, role) === undefined)
        ? notKnown("neither CPU nor answers of the service are measured")
        : notKnown("CPU is not measured and nothing else shows that it suffers");
    }
    const level = cpu.data.summary.current;
    if (level > HOT_CPU_PERCENT) return yes(`CPU is at ${level.toFixed(0)} %`);
    return isRaised(cpu) && level >= BUSY_PERCENT
      ? partly(`CPU rose to ${level.toFixed(0)} %, and nothing else that is measured suffers`)
      : no(`CPU is at ${level.toFixed(0)} %, and nothing else that is measured suffers`);
  },
};

const FAILURES = ["errors-5xx", "elb-5xx", "latency-p99"] as const;

/** Retries of failed calls make the load grow within a minute or two: in longer periods their order is not seen. Seconds. */
const ORDER_IS_SEEN_SECONDS = 120;

export const loadCameFirst: Condition = {
  name: "load-came-first",
  asks: "failures and slow answers did not begin before the load grew (a person decides where errors rose in the same period of more than two minutes)",
  read: (trusted) => {
    const grew = first(trusted, "requests")?.data.summary.onset;
    if (FAILURES.every((role) => first(trusted, role) === undefined)) {
      return notKnown("neither errors nor late answers are measured");
    }
    for (const role of FAILURES) {
      const fact = first(trusted, role);
      if (fact === undefined || !isRaised(fact)) continue;
      const began = fact.data.summary.onset;
      if (began === undefined || grew === undefined) {
        return notKnown(`whether ${role} or the load rose first is not known`);
      }
      const lead = (Date.parse(grew) - Date.parse(began)) / 1000;
      if (lead >= fact.data.periodSeconds) return no(`${role} rose ${lead} s before the load`);
    }
    const together = (["errors-5xx", "elb-5xx"] as const).find((role) => roseTogether(role, grew, trusted));
    return together === undefined
      ? yes("no failure began before the load grew")
      : partly(`${together} and the load rose in the same long period, so which came first is not seen`);
  },
};

function roseTogether(role: MetricRole, grew: string | undefined, trusted: Evidence): boolean {
  const fact = first(trusted, role);
  if (fact === undefined || !isRaised(fact) || fact.data.periodSeconds <= ORDER_IS_SEEN_SECONDS) return false;
  return fact.data.summary.onset === grew;
}

export const tasksFindRoom: Condition = {
  name: "tasks-find-room",
  asks: "ECS finds room for more tasks",
  read: (trusted) => {
    if (factsOf(trusted, "service").length === 0) return notKnown("the service could not be read");
    const unplaced =
      factsOf(trusted, "service-event").some(({ data }) => data.class === "placement-failure") ||
      factsOf(trusted, "stopped-tasks").some(({ data }) => data.class === "no-capacity");
    return unplaced ? no("ECS found no room for tasks") : yes("ECS reports no want of room");
  },
};

export const autoscalingAdds: Condition = {
  name: "autoscaling-adds",
  asks: "autoscaling adds tasks on this alarm itself",
  read: (trusted) => {
    const alarm = factsOf(trusted, "alarm").find(({ data }) => data.other !== true);
    if (alarm?.data.scaling !== "out") return no("the alarm is not autoscaling's own");
    const limits = factsOf(trusted, "scaling-limits")[0]?.data;
    const desired = factsOf(trusted, "service")[0]?.data.desired ?? 0;
    const acts = limits === undefined || (!limits.suspended && desired < limits.max);
    return acts
      ? yes("the alarm is autoscaling's own and it has room")
      : no("autoscaling is suspended or has no room");
  },
};

export const setToNothing: Condition = {
  name: "set-to-nothing",
  asks: "the desired count is 0",
  read: (trusted) => {
    const desired = factsOf(trusted, "service")[0]?.data.desired;
    if (desired === undefined) return notKnown("the desired count could not be read");
    return desired === 0 ? yes("the desired count is 0") : no(`the desired count is ${desired}`);
  },
};
