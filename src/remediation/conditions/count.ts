/** Conditions on how many tasks run beside how many ran, told from the tasks that came and went. */
import { type Evidence, factsOf } from "../../domain/evidence.ts";
import { type Condition, no, notKnown, yes } from "./condition.ts";
import { ageOf } from "./tasks.ts";

/** Tasks that came or went so long before the onset can have caused it. Milliseconds. */
const SHORTLY_MS = 15 * 60_000;

/** Tasks that came and went since shortly before the onset, a deployment left out. */
function cameAndWent(trusted: Evidence): { came: number; went: number; scaledIn: number } {
  const since = Date.parse(trusted.onset) - SHORTLY_MS;
  const current = factsOf(trusted, "service")[0]?.data.taskDefinition;
  const came = factsOf(trusted, "running-task").filter((task) => {
    const age = ageOf(task, trusted);
    const started = Date.parse(trusted.observedAt) - (age ?? Number.POSITIVE_INFINITY) * 1000;
    return started >= since && started <= Date.parse(trusted.onset);
  }).length;
  const stops = factsOf(trusted, "stopped-tasks").filter(
    ({ data }) => Date.parse(data.lastAt ?? "") >= since,
  );
  const count = (facts: typeof stops) => facts.reduce((sum, { data }) => sum + data.count, 0);
  const scaledIn = stops.filter(
    ({ data }) => data.class === "scaled-in-or-replaced" && data.taskDefinition === current,
  );
  return { came, went: count(stops), scaledIn: count(scaledIn) };
}

export const moreTasksThanUsual: Condition = {
  name: "more-tasks-than-usual",
  asks: "tasks were added shortly before, and each takes its share",
  read: (trusted) => {
    if (factsOf(trusted, "running-task").length === 0) return notKnown("the running tasks could not be read");
    const { came, went } = cameAndWent(trusted);
    const older = factsOf(trusted, "running-task").length - came;
    if (older <= 0) return no("all tasks came together, so none was added to others");
    return came > went
      ? yes(`${came - went} tasks were added shortly before the onset`)
      : no("no tasks were added shortly before the onset");
  },
};

export const fewerTasksThanUsual: Condition = {
  name: "fewer-tasks-than-usual",
  asks: "the desired count was lowered shortly before",
  read: (trusted) => {
    const service = factsOf(trusted, "service")[0]?.data;
    if (service === undefined) return notKnown("the service could not be read");
    const { came, scaledIn } = cameAndWent(trusted);
    const fewer = scaledIn > came && service.running >= service.desired;
    return fewer
      ? yes(`${scaledIn - came} tasks were taken away shortly before the onset`)
      : no("no tasks were taken away shortly before the onset");
  },
};
