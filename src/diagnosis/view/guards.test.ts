/** What keeps a detector from naming its cause: each case turns on one condition, and the verdict with it. */
import { expect, it } from "vitest";
import {
  ago,
  type Draft,
  deployment,
  diff,
  logs,
  metric,
  packOf,
  service,
  steady,
  stops,
  task,
  unhealthyTarget,
} from "../../../test/samples/facts.ts";
import { diagnoseBySigns } from "../diagnose-by-signs.ts";

const verdictOf = (facts: readonly Draft[]) => {
  const { cause, action } = diagnoseBySigns(packOf(facts));
  return { cause, action };
};

const unknown = { cause: "unknown", action: "none" };
/** Deployed two minutes before the onset. */
const released = deployment({ secondsBeforeOnset: 120, createdAt: ago(420) });
const errors = metric("errors-5xx", 40, { unit: "" });
/** The alarm's own metric is back. */
const alarmIsBack = steady("cpu", 30, { isAlarm: true, threshold: 80, insideThreshold: true });
const grown = metric("requests", 200, { summary: { baseline: 100, onset: ago(180) } });
const pattern = (template: string, data: Partial<Extract<Draft, { kind: "log-pattern" }>["data"]> = {}) => {
  const draft = logs(undefined) as Extract<Draft, { kind: "log-pattern" }>;
  return { ...draft, data: { ...draft.data, template, ...data } };
};
const refused = pattern("connection-refused <*>", { signal: "connection-refused" });
const healthyTarget: Draft = {
  kind: "target-health",
  provenance: "control-plane",
  statement: "a target is healthy",
  data: { state: "healthy", targetGroup: "shop", target: "10.0.0.2:80" },
};
const settings = diff("app environment");

interface Case {
  readonly facts: readonly Draft[];
  readonly is: { readonly cause?: string; readonly action: string };
}

const CASES: Readonly<Record<string, Case>> = {
  "nothing is wrong where all run, none is unhealthy and the metric is back": {
    facts: [service(), alarmIsBack],
    is: { cause: "no-fault", action: "none" },
  },
  "a task that stopped for a bad reason is no false alarm": {
    facts: [service(), alarmIsBack, stops("container-runtime-error")],
    is: unknown,
  },
  "a task that is missing is no false alarm": {
    facts: [service({ running: 2 }), alarmIsBack],
    is: unknown,
  },
  "an unhealthy target is no false alarm": {
    facts: [service(), alarmIsBack, unhealthyTarget()],
    is: unknown,
  },
  "errors are no false alarm": {
    facts: [service(), alarmIsBack, errors],
    is: unknown,
  },
  "errors before a rise of traffic that is no growth are no retry storm": {
    facts: [
      service(),
      metric("requests", 120, { summary: { baseline: 100, onset: ago(120) } }),
      metric("errors-5xx", 40, { summary: { onset: ago(300) } }),
    ],
    is: unknown,
  },
  "CPU that rose with traffic is not saturated by itself, also where the traffic explains little": {
    facts: [service(), grown, metric("errors-5xx", 40, { summary: { onset: ago(240) } }), metric("cpu", 95)],
    is: { cause: "traffic-spike", action: "none" },
  },
  "half as many requests again are growth": {
    facts: [
      service(),
      metric("requests", 150, { summary: { baseline: 100 } }),
      metric("cpu", 95),
      steady("errors-5xx", 0),
    ],
    is: { cause: "traffic-spike", action: "scale" },
  },
  "a fifth more is none": {
    facts: [service(), metric("requests", 120, { summary: { baseline: 100 } }), metric("cpu", 95)],
    is: { cause: "cpu-saturation", action: "none" },
  },
  "many requests of a series that shows no change are none": {
    facts: [
      service(),
      metric("requests", 200, { summary: { baseline: 100, direction: "none" } }),
      metric("cpu", 95),
    ],
    is: { cause: "cpu-saturation", action: "none" },
  },
  "CPU that rose and is not high is only a suspicion": {
    facts: [service(), metric("cpu", 60)],
    is: unknown,
  },
  "memory that rose and is not high is no leak": {
    facts: [service(), metric("memory", 60)],
    is: unknown,
  },
  "tasks killed for memory since a release are the release's": {
    facts: [service(), released, stops("out-of-memory", { medianLifeSeconds: 600 })],
    is: { cause: "bad-deploy", action: "rollback" },
  },
  "tasks killed for memory long before the onset are another story": {
    facts: [service(), stops("out-of-memory", { lastAt: ago(300 + 60 * 60) })],
    is: unknown,
  },
  "too few lines of trouble say nothing": {
    facts: [service(), errors, { ...refused, data: { ...refused.data, count: 2 } }],
    is: unknown,
  },
  "three lines of trouble are heard": {
    facts: [service(), errors, { ...refused, data: { ...refused.data, count: 3 } }],
    is: { cause: "dependency-down", action: "none" },
  },
  "a time-out of the service's own pool is nothing outside": {
    facts: [service(), errors, pattern("timeout waiting for pool connection", { signal: "timeout" })],
    is: { cause: "connection-leak", action: "none" },
  },
  "a pool that runs out under more traffic is no leak": {
    facts: [service(), errors, grown, pattern("pool-exhausted")],
    is: unknown,
  },
  "what every task calls is down, also where one task fails its check": {
    facts: [service(), errors, refused, task("a"), task("b"), unhealthyTarget("a"), healthyTarget],
    is: { cause: "dependency-down", action: "none" },
  },
  "the way in is cut where every target times out and the tasks idle": {
    facts: [service(), unhealthyTarget(), steadyDown()],
    is: { cause: "network-failure", action: "none" },
  },
  "a release before it explains targets that time out as well": {
    facts: [service(), unhealthyTarget(), steadyDown(), released],
    is: unknown,
  },
  "one healthy target means that the way in is open": {
    facts: [service(), unhealthyTarget(), steadyDown(), healthyTarget],
    is: unknown,
  },
  "busy tasks are reached": {
    facts: [service(), unhealthyTarget(), steady("cpu", 40)],
    is: unknown,
  },
  "tasks that speak of trouble are reached": {
    facts: [service(), unhealthyTarget(), steadyDown(), pattern("cannot parse <*>")],
    is: unknown,
  },
  "errors since a release while traffic grew may be the traffic's": {
    facts: [service(), released, errors, grown],
    is: unknown,
  },
  "errors since a release are the release's": {
    facts: [service(), released, errors],
    is: { cause: "bad-deploy", action: "rollback" },
  },
  "a first revision has nothing to go back to": {
    facts: [service(), deployment({ secondsBeforeOnset: 120, taskDefinition: "shop:1" }), errors],
    is: unknown,
  },
  "tasks of the old revision that crash are not the release's": {
    facts: [service(), released, stops("crashed", { taskDefinition: "shop:6", medianLifeSeconds: 9000 })],
    is: unknown,
  },
  "tasks that worked for an hour before they crashed had their settings": {
    facts: [service(), released, settings, stops("crashed", { medianLifeSeconds: 3600 })],
    is: { cause: "bad-deploy", action: "rollback" },
  },
  "tasks that crash at once since only settings changed miss one": {
    facts: [service(), released, settings, stops("crashed", { medianLifeSeconds: 20 })],
    is: { cause: "startup-misconfiguration", action: "rollback" },
  },
  "what ECS rolls back already is left to it, without a doubt": {
    facts: [
      service(),
      deployment({ id: "ecs-svc/2", rolloutState: "FAILED", failedTasks: 3, secondsBeforeOnset: 120 }),
      deployment({
        id: "ecs-svc/3",
        rolloutState: "IN_PROGRESS",
        taskDefinition: "shop:6",
        inProgress: true,
      }),
      stops("crashed", { medianLifeSeconds: 20 }),
      logs("missing-configuration"),
    ],
    is: { cause: "deploy-in-progress", action: "none" },
  },
  "a call that is refused at the start is a permission": {
    facts: [service(), stops("initialization-failed", { stoppedReason: "AccessDeniedException: secret" })],
    is: { cause: "permission-denied", action: "none" },
  },
  "a call that is refused at the start since a release goes back": {
    facts: [
      service(),
      released,
      stops("initialization-failed", { stoppedReason: "AccessDeniedException: secret" }),
    ],
    is: { cause: "permission-denied", action: "rollback" },
  },
  "a registry that is out of reach is the network": {
    facts: [service(), stops("image-pull-failed", { stoppedReason: "dial tcp 10.0.0.9:443: i/o timeout" })],
    is: { cause: "network-failure", action: "none" },
  },
  "a check that fails while requests are answered as ever is wrong itself": {
    facts: [service(), unhealthyTarget(), steady("requests", 100)],
    is: { cause: "health-check-misconfigured", action: "none" },
  },
  "a check that fails while requests fail is not": {
    facts: [service(), unhealthyTarget(), steady("requests", 100), errors],
    is: unknown,
  },
  "a check that fails while requests fall is not": {
    facts: [service(), unhealthyTarget(), metric("requests", 40, { summary: { direction: "down" } })],
    is: unknown,
  },
  "a check that fails while requests are not counted any more is not": {
    facts: [service(), unhealthyTarget(), steady("requests", 100, { noDataSince: ago(120) })],
    is: unknown,
  },
  "tasks replaced again and again soon after their start are checked too early": {
    facts: [service(), stops("failed-health-check", { count: 2, medianLifeSeconds: 60 })],
    is: { cause: "health-check-misconfigured", action: "none" },
  },
  "one replaced task is no pattern": {
    facts: [service(), stops("failed-health-check", { count: 1, medianLifeSeconds: 60 })],
    is: unknown,
  },
  "tasks replaced after they had worked are not checked too early": {
    facts: [service(), stops("failed-health-check", { count: 2, medianLifeSeconds: 4000 })],
    is: unknown,
  },
  "a task that hangs while its sibling of the same new revision is well is not the release's": {
    facts: [service(), released, task("a"), task("b"), unhealthyTarget("a"), healthyTarget],
    is: { cause: "hung-task", action: "restart" },
  },
  "a task of the new revision that hangs beside one of the old is not restarted": {
    facts: [
      service(),
      released,
      task("a"),
      task("b", { taskDefinition: "shop:6" }),
      unhealthyTarget("a"),
      healthyTarget,
    ],
    is: { action: "none" },
  },
};

function steadyDown(): Draft {
  return metric("cpu", 4, { summary: { baseline: 40, direction: "down" } });
}

it.each(Object.entries(CASES))("%s", (_name, { facts, is }) => {
  expect(verdictOf(facts)).toMatchObject(is);
});
