/** What the clauses of the table of remedies claim, read from the case without the code that says them. */
import { type Fact, type FactOf, factsOf, type MetricRole, metricsOf } from "../../../src/domain/evidence.ts";
import type { DecideInput } from "../../../src/remediation/decide.ts";
import { deploymentsOf, isVouchedFor, serviceOf } from "./claim.ts";

type Said = Readonly<Record<string, string>>;
type Holds = (input: DecideInput, said: Said) => boolean;

const trusted = ({ evidence }: DecideInput) => evidence.facts.filter(isVouchedFor);
const of = <K extends Fact["kind"]>(input: DecideInput, kind: K) =>
  factsOf({ ...input.evidence, facts: trusted(input) }, kind);
const series = (input: DecideInput, role: MetricRole) =>
  metricsOf({ ...input.evidence, facts: trusted(input) }, role);
const running = (input: DecideInput) =>
  of(input, "running-task").filter(({ data }) => data.lastStatus === "RUNNING");
const failing = (input: DecideInput) =>
  running(input).filter(
    ({ data }) =>
      data.health === "UNHEALTHY" ||
      of(input, "target-health").some(
        (target) => target.data.state === "unhealthy" && target.data.taskId === data.taskId,
      ),
  );
const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0);
const stopsOf = (input: DecideInput, ...classes: readonly string[]) =>
  of(input, "stopped-tasks").filter(({ data }) => classes.includes(data.class));
const oneOf = (input: DecideInput, role: MetricRole) => series(input, role)[0]?.data;
const ageSeconds = (input: DecideInput, { ageSeconds: age, startedAt }: FactOf<"running-task">["data"]) =>
  age ?? (Date.parse(input.evidence.observedAt) - Date.parse(startedAt ?? "")) / 1000;
const rose = (input: DecideInput, role: MetricRole) =>
  series(input, role).some(
    ({ data }) =>
      data.summary.direction !== "none" || data.insideThreshold === false || data.threshold !== undefined,
  );
const cpus = (input: DecideInput) =>
  series(input, "task-cpu")
    .map(({ data }) => data.summary.current)
    .toSorted((a, b) => b - a);
const deployed = (input: DecideInput) =>
  deploymentsOf(input).flatMap(({ secondsBeforeOnset }) => secondsBeforeOnset ?? []);
const compared = (input: DecideInput) => of(input, "task-definition-diff")[0]?.data;
const level = (input: DecideInput, role: MetricRole) => oneOf(input, role)?.summary.current.toFixed(0);

/** Points of requests before the errors began. */
const served = (input: DecideInput) => {
  const began = [...series(input, "errors-5xx"), ...series(input, "elb-5xx")].flatMap(
    ({ data }) => data.summary.onset ?? [],
  );
  const points = oneOf(input, "requests")?.points ?? [];
  return points.filter(([at]) => began.some((one) => at < Date.parse(one)));
};

const CLAUSES: readonly (readonly [RegExp, Holds])[] = [
  [/^CPU of several tasks is not measured$/, (input) => cpus(input).length < 2],
  [
    /^(?<hot>\d+) of (?<all>\d+) tasks are hot$/,
    (input, { hot, all }) =>
      cpus(input).filter((one) => one > 80).length === Number(hot) && cpus(input).length === Number(all),
  ],
  [
    /^one task is at (?<hot>\d+) % CPU, the next at (?<next>\d+) %$/,
    (input, { hot, next }) =>
      cpus(input)[0]?.toFixed(0) === hot &&
      cpus(input)[1]?.toFixed(0) === next &&
      (cpus(input)[1] ?? 0) <= 80,
  ],
  [/^no running task could be read$/, (input) => running(input).length === 0],
  [
    /^(?<well>\d+) of (?<all>\d+) tasks pass their checks$/,
    (input, { well, all }) =>
      running(input).length === Number(all) && running(input).length - failing(input).length === Number(well),
  ],
  [
    /^(?<sick>\d+) of (?<all>\d+) tasks fail their checks$/,
    (input, { sick, all }) => running(input).length === Number(all) && failing(input).length === Number(sick),
  ],
  [
    /^all (?<all>\d+) tasks fail their checks$/,
    (input, { all }) => running(input).length === Number(all) && failing(input).length === Number(all),
  ],
  [/^it is the only task, so there is no other to compare it with$/, (input) => running(input).length === 1],
  [
    /^ECS replaced (?<count>\d+) tasks for failed checks already$/,
    (input, { count }) =>
      stopsOf(input, "failed-health-check").some(({ data }) => data.count === Number(count)),
  ],
  [/^ECS did not replace tasks in vain$/, () => true],
  [/^half of all answers are late$/, (input) => rose(input, "latency-p50")],
  [/^most answers are as fast as before$/, (input) => oneOf(input, "latency-p50") !== undefined],
  [
    /^the usual latency is not measured$/,
    (input) =>
      oneOf(input, "latency-p50")?.noDataSince !== undefined || oneOf(input, "latency-p50") === undefined,
  ],
  [/^no task was killed for lack of memory$/, (input) => stopsOf(input, "out-of-memory").length === 0],
  [
    /^the killed tasks had run for (?<life>\d+) s$/,
    (input, { life }) =>
      Math.round(stopsOf(input, "out-of-memory")[0]?.data.medianLifeSeconds ?? -1) === Number(life),
  ],
  [
    /^(?<number>\d+) tasks of the same revision live on$/,
    (input, { number }) =>
      running(input).filter(({ data }) => ageSeconds(input, data) > 120).length >= Number(number),
  ],
  [
    /^how long the killed tasks had run is not known$/,
    (input) => stopsOf(input, "out-of-memory")[0]?.data.medianLifeSeconds === undefined,
  ],
  [
    /^tasks are killed (?<life>\d+) s after their start$/,
    (input, { life }) =>
      Math.round(stopsOf(input, "out-of-memory")[0]?.data.medianLifeSeconds ?? -1) === Number(life),
  ],
  [
    /^no series counts the requests now$/,
    (input) => oneOf(input, "requests") === undefined || oneOf(input, "requests")?.noDataSince !== undefined,
  ],
  [
    /^no requests came before to compare with$/,
    (input) => !((oneOf(input, "requests")?.summary.baseline ?? 1) > 0),
  ],
  [
    /^requests are at (?<ratio>[\d.]+) times their baseline$/,
    (input, { ratio }) => {
      const { current = 0, baseline = 1 } = oneOf(input, "requests")?.summary ?? {};
      return (current / baseline).toFixed(1) === ratio;
    },
  ],
  [
    /^(?<role>errors-5xx|elb-5xx|latency-p50|latency-p99|unhealthy-hosts) is raised$/,
    (input, { role }) => rose(input, role as MetricRole),
  ],
  [
    /^targets are unhealthy$/,
    (input) => of(input, "target-health").some(({ data }) => data.state === "unhealthy"),
  ],
  [
    /^(?:neither CPU nor answers of the service are measured|CPU is not measured and nothing else shows that it suffers)$/,
    (input) => oneOf(input, "cpu") === undefined || oneOf(input, "cpu")?.noDataSince !== undefined,
  ],
  [/^CPU is at (?<now>\d+) %$/, (input, { now }) => level(input, "cpu") === now && Number(now) >= 80],
  [
    /^CPU (?:rose to|is at) (?<now>\d+) %, and nothing else that is measured suffers$/,
    (input, { now }) =>
      level(input, "cpu") === now &&
      of(input, "target-health").every(({ data }) => data.state !== "unhealthy"),
  ],
  [
    /^neither errors nor late answers are measured$/,
    (input) =>
      (["errors-5xx", "elb-5xx", "latency-p99"] as const).every((role) => oneOf(input, role) === undefined),
  ],
  [
    /^whether (?<role>\S+) or the load rose first is not known$/,
    (input, { role }) => rose(input, role as MetricRole),
  ],
  [
    /^(?<role>\S+) rose (?<lead>\d+) s before the load$/,
    (input, { role, lead }) =>
      Date.parse(oneOf(input, "requests")?.summary.onset ?? "") -
        Date.parse(oneOf(input, role as MetricRole)?.summary.onset ?? "") ===
      Number(lead) * 1000,
  ],
  [
    /^(?<role>errors-5xx|elb-5xx) and the load rose in the same long period, so which came first is not seen$/,
    (input, { role }) =>
      rose(input, role as MetricRole) &&
      series(input, role as MetricRole).some(
        ({ data }) =>
          data.periodSeconds > 120 && data.summary.onset === oneOf(input, "requests")?.summary.onset,
      ),
  ],
  [
    /^(?<role>errors-5xx|elb-5xx) and the load rose in the same long period, so which came first is not seen$/,
    (input, { role }) =>
      rose(input, role as MetricRole) &&
      series(input, role as MetricRole).some(
        ({ data }) =>
          data.periodSeconds > 120 && data.summary.onset === oneOf(input, "requests")?.summary.onset,
      ),
  ],
  [/^no failure began before the load grew$/, () => true],
  [/^the service could not be read$/, (input) => serviceOf(input) === undefined],
  [
    /^ECS found no room for tasks$/,
    (input) =>
      of(input, "service-event").some(({ data }) => data.class === "placement-failure") ||
      stopsOf(input, "no-capacity").length > 0,
  ],
  [
    /^ECS reports no want of room$/,
    (input) => of(input, "service-event").every(({ data }) => data.class !== "placement-failure"),
  ],
  [
    /^the alarm is not autoscaling's own$/,
    (input) => of(input, "alarm").every(({ data }) => data.other === true || data.scaling !== "out"),
  ],
  [
    /^the alarm is autoscaling's own and it has room$/,
    (input) => of(input, "alarm").some(({ data }) => data.scaling === "out"),
  ],
  [/^autoscaling is suspended or has no room$/, (input) => of(input, "scaling-limits").length > 0],
  [/^the desired count could not be read$/, (input) => serviceOf(input) === undefined],
  [
    /^the desired count is (?<desired>\d+)$/,
    (input, { desired }) => serviceOf(input)?.desired === Number(desired),
  ],
  [
    /^tasks of (?<name>\S+), deployed .+ ago, fail$/,
    (input, { name }) =>
      deploymentsOf(input).some(
        (one) =>
          one.taskDefinition === name &&
          (one.failedTasks > 0 ||
            one.rolloutState === "FAILED" ||
            of(input, "stopped-tasks").some(({ data }) => data.taskDefinition === name)),
      ),
  ],
  [
    /^whether the released tasks served well at first is not measured$/,
    (input) =>
      series(input, "requests").length === 0 ||
      !(rose(input, "errors-5xx") || rose(input, "elb-5xx")) ||
      served(input).length === 0 ||
      new Set(running(input).map(({ data }) => data.taskDefinition)).size !== 1 ||
      running(input).some(({ data }) => data.startedAt === undefined) ||
      of(input, "stopped-tasks").some(({ data }) => data.lastAt === undefined) ||
      !deploymentsOf(input).some(
        ({ status, taskDefinition }) =>
          status === "PRIMARY" && running(input).every(({ data }) => data.taskDefinition === taskDefinition),
      ),
  ],
  [
    /^the released tasks alone answered for no whole period before it failed$/,
    (input) => rose(input, "errors-5xx") || rose(input, "elb-5xx"),
  ],
  [
    /^too few requests came before it failed to tell$/,
    (input) => {
      const newest = Math.max(...running(input).map(({ data }) => Date.parse(data.startedAt ?? "")));
      const stopped = Math.max(
        0,
        ...of(input, "stopped-tasks").map(({ data }) => Date.parse(data.lastAt ?? "")),
      );
      const alone = served(input).filter(([at]) => at >= Math.max(newest, stopped));
      return sum(alone.map(([, value]) => value)) < 50;
    },
  ],
  [
    /^the released tasks alone answered (?<count>\d+) requests before anything failed$/,
    (input, { count }) => sum(served(input).map(([, value]) => value)) >= Number(count) - 1,
  ],
  [/^when the last deployment began is not known$/, (input) => deployed(input).length === 0],
  [/^the deployments began after the onset$/, (input) => deployed(input).every((seconds) => seconds < 0)],
  [
    /^the onset follows a deployment by (?<span>[\d.]+ (?:s|min|h))$/,
    (input, { span = "" }) => deployed(input).some((seconds) => secondsOf(span, seconds)),
  ],
  [
    /^(?<name>\S+) was deployed over itself with the same image$/,
    (input, { name }) =>
      deploymentsOf(input).some(
        (one) => one.taskDefinition === name && one.forced && one.imageChanged === false,
      ),
  ],
  [/^what the release changed could not be compared$/, (input) => compared(input) === undefined],
  [
    /^(?<to>\S+) differs from (?<from>\S+)$/,
    (input, { to, from }) =>
      compared(input)?.to === to && compared(input)?.from === from && compared(input)?.changes.length !== 0,
  ],
  [
    /^no difference of (?<to>\S+) and (?<from>\S+) is seen$/,
    (input) => compared(input)?.changes.length === 0,
  ],
  [
    /^no revision replaced another within the hour before$/,
    (input) =>
      deploymentsOf(input).every(
        ({ secondsBeforeOnset: seconds = 9999, taskDefinition, forced }) =>
          seconds < 0 || seconds > 3600 || taskDefinition.endsWith(":1") || forced === true,
      ),
  ],
  [/^no running task is told to be sick$/, () => true],
  [
    /^which tasks of the young revision are sick is not told$/,
    (input) => running(input).length > 1 || deploymentsOf(input).length > 0,
  ],
  [/^the sick tasks are of an older revision$/, (input) => running(input).length > 0],
  [
    /^(?<well>\d+) other tasks of the revision that was just deployed are well$/,
    (input, { well }) => running(input).length > Number(well),
  ],
  [/^every task of the revision that was just deployed is sick$/, (input) => running(input).length > 0],
  [/^no memory limit was lowered$/, (input) => !lowersMemory(input)],
  [/^.*memory.* was lowered from .+ to .+$/, (input) => lowersMemory(input)],
  [
    /^how old the tasks are is not known$/,
    (input) =>
      running(input).every(({ data }) => data.startedAt === undefined && data.ageSeconds === undefined),
  ],
  [
    /^every task is younger than an hour$/,
    (input) => running(input).every(({ data }) => !(ageSeconds(input, data) >= 3600)),
  ],
  [
    /^(?:failures grow slowly, with tasks more than an hour old|tasks are more than an hour old, and failures did not grow slowly)$/,
    (input) => running(input).some(({ data }) => ageSeconds(input, data) >= 3600),
  ],
  [
    /^memory (?:before the release is not known|before the release was not measured|was lower before the release|was as high before the release)$/,
    () => true,
  ],
  [/^memory of \d+ of \d+ tasks does not climb$/, (input) => series(input, "task-memory").length > 0],
  [
    /^tasks of another revision may climb as well$/,
    (input) => new Set(running(input).map(({ data }) => data.taskDefinition)).size > 0,
  ],
  [
    /^(?<added>\d+) tasks were (?:added|taken away) shortly before the onset$/,
    (input, { added }) =>
      running(input).length + sum(of(input, "stopped-tasks").map(({ data }) => data.count)) >= Number(added),
  ],
  [/^no tasks were (?:added|taken away) shortly before the onset$/, () => true],
  [/^the running tasks could not be read$/, (input) => of(input, "running-task").length === 0],
];

/** Whether the span is that of so many seconds, as it is rounded. */
function secondsOf(span: string, seconds: number): boolean {
  const [value = "", unit = ""] = span.split(" ");
  const size = { s: 1, min: 60, h: 3600 }[unit] ?? 1;
  return Math.abs(Number(value) * size - Math.max(0, seconds)) <= size;
}

function lowersMemory(input: DecideInput): boolean {
  return (compared(input)?.changes ?? []).some(
    ({ what, before, after }) =>
      what.includes("memory") && Number.parseFloat(after) < Number.parseFloat(before),
  );
}

/** Whether every clause of a sentence is one that is known, and is so. */
export const clausesHold: Holds = (input, { clauses }) =>
  clauses === undefined ||
  clauses
    .split("; ")
    .every((clause) =>
      CLAUSES.some(([says, holds]) => says.test(clause) && holds(input, says.exec(clause)?.groups ?? {})),
    );
