/** Conditions on what grows with time: memory since a release, connections with the age of tasks. */
import { type Evidence, type FactOf, factsOf, metricsOf } from "../../domain/evidence.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { type Condition, no, notKnown, partly, yes } from "./condition.ts";
import { ageOf, failsChecks, runningTasks } from "./tasks.ts";

export const climbsSinceRelease: Condition = {
  name: "climbs-since-release",
  asks: "memory of every task climbs since the release, and was lower before",
  read: (trusted) => {
    const [memory] = metricsOf(trusted, "memory");
    const release = newestRelease(trusted);
    const began = Date.parse(release?.createdAt ?? "");
    if (memory === undefined || release === undefined || Number.isNaN(began)) {
      return notKnown("memory before the release is not known");
    }
    const tasks = runningTasks(trusted);
    const series = metricsOf(trusted, "task-memory");
    const level = series.filter((fact) => !isRaised(fact));
    if (level.length > 0) return no(`memory of ${level.length} of ${series.length} tasks does not climb`);
    if (tasks.some(({ data }) => data.taskDefinition !== release.taskDefinition)) {
      return notKnown("tasks of another revision may climb as well");
    }
    const { baseline, current } = memory.data.summary;
    const halfWay = baseline + (current - baseline) / 2;
    const before = memory.data.points.filter(([at]) => at < began);
    if (before.length === 0) return notKnown("memory before the release was not measured");
    return before.every(([, value]) => value < halfWay)
      ? yes("memory was lower before the release")
      : no("memory was as high before the release");
  },
};

function newestRelease(trusted: Evidence): FactOf<"deployment">["data"] | undefined {
  return factsOf(trusted, "deployment")
    .map(({ data }) => data)
    .toSorted((one, other) => (other.createdAt ?? "").localeCompare(one.createdAt ?? ""))[0];
}

/** Tasks younger than this have not leaked for long. Seconds. */
const OLD_SECONDS = 3600;

const FAILURES = ["errors-5xx", "elb-5xx", "latency-p99", "latency-p50"] as const;

export const growsWithAge: Condition = {
  name: "grows-with-age",
  asks: "some tasks fail and others do not, or failures grow slowly while tasks are more than an hour old (a person decides where they came at once)",
  read: (trusted) => {
    const tasks = runningTasks(trusted);
    const sick = tasks.filter((task) => failsChecks(task, trusted)).length;
    if (sick > 0 && sick < tasks.length) return yes(`${sick} of ${tasks.length} tasks fail their checks`);
    const ages = tasks.flatMap((task) => ageOf(task, trusted) ?? []);
    if (ages.length === 0) return notKnown("how old the tasks are is not known");
    if (Math.max(...ages) < OLD_SECONDS) return no("every task is younger than an hour");
    const failing = FAILURES.flatMap((role) => metricsOf(trusted, role)).filter(isRaised);
    return failing.some(({ data }) => data.summary.shape === "ramp")
      ? yes("failures grow slowly, with tasks more than an hour old")
      : partly("tasks are more than an hour old, and failures did not grow slowly");
  },
};
