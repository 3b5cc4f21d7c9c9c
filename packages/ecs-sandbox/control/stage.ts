import { setTimeout as sleep } from "node:timers/promises";
import { newInstance } from "../ecs/capacity.ts";
import { guardDutyAgent, guardDutyImage } from "../ecs/injected-agent.ts";
import { liveTasksOf } from "../ecs/state.ts";
import { isHealthy } from "../ecs/tasks/task-health.ts";
import type { LoadBalancer } from "../elbv2/model.ts";
import { callInside, type Range } from "../range.ts";
import { arnOf } from "../world.ts";
import { createService, putScalingPolicies } from "./create-service.ts";
import { type Externals, startExternals } from "./externals.ts";
import { historySamples } from "./history.ts";
import { type LoadProcess, startLoad } from "./load-process.ts";
import { makeOlder } from "./make-older.ts";
import { clusterOf, fillIn, type Scenario, type ScenarioService } from "./scenario.ts";

/** A scenario that runs: services steady, load flowing, alarms armed. */
export interface Stage {
  readonly scenario: Scenario;
  readonly balancers: ReadonlyMap<string, LoadBalancer>;
  /** The declared services with their addresses filled in. */
  readonly services: readonly ScenarioService[];
  readonly externals: Externals;
  readonly load: LoadProcess;
  readonly alarmArns: readonly string[];
  /** Creates the alarms: called by the stage itself, but for one with a prelude, whose alarms would not wait for a driver. */
  arm(): Promise<void>;
}

/** Something that a stage has started and that has to be stopped. */
export interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Creates everything that a scenario declares and waits for its baseline. Throws when it does not become steady.
 * `started` is called with every process outside ECS as soon as it runs, so that it can be stopped at any time.
 * `prelude` is called before the baseline with the stage, which has no alarms yet.
 */
export async function setStage(
  range: Range,
  scenario: Scenario,
  topicArn: string,
  started: (process: Stoppable) => void,
  prelude?: (stage: Stage) => Promise<unknown>,
): Promise<Stage> {
  const hasPast = scenario.history.length + scenario.prelude.length > 0;
  if (hasPast) range.setMeasured(false);
  const clusters = scenario.services.map(({ name }) => clusterOf(scenario, name));
  for (const clusterName of new Set([scenario.cluster, ...clusters])) {
    const settings = [{ name: "containerInsights", value: scenario.containerInsights }];
    await callInside(range, "CreateCluster", { clusterName, settings });
  }
  const cluster = range.ecs.state.clusters.get(scenario.cluster);
  if (cluster && scenario.capacity) cluster.capacity = scenario.capacity;
  if (cluster) {
    const at = new Date(range.world.now());
    for (let host = 1; host < scenario.hosts; host += 1)
      cluster.instances = [...cluster.instances, newInstance(host, at)];
  }
  if (cluster && scenario.guardDuty) {
    cluster.injected = guardDutyAgent();
    if (scenario.guardDuty === "not-pulled") range.images.refuse(guardDutyImage, "forbidden");
  }
  range.autoScaling.setPeriod(scenario.scalingPeriodSeconds);
  const externals = await startExternals(scenario.externals);
  started(externals);

  const balancers = await createBalancers(range, scenario);
  const values = new Map([["topic", topicArn], ...externals.values]);
  for (const [name, balancer] of balancers) {
    values.set(`${name}.url`, balancer.url);
    values.set(`${name}.loadBalancer`, balancer.dimension);
    values.set(`${name}.targetGroup`, balancer.group.dimension);
    values.set(`${name}.alternateTargetGroup`, balancer.alternate?.dimension ?? "");
  }
  for (const [name, value] of Object.entries(scenario.secrets)) {
    range.secrets.put(name, String(fillIn(value, values)));
  }
  const services = scenario.services.map((service) => fillIn(service, values) as ScenarioService);
  for (const service of services) await createService(range, scenario, service, balancers.get(service.name));
  await until("the services are steady and healthy", () => isSteady(range));

  const load = startLoad(balancers.get(scenario.load.service)?.url ?? "", scenario.load.perSecond);
  started(load);
  await until("load is flowing", () => load.counts().succeeded > 0);
  const alarmArns = scenario.alarms.map(({ AlarmName }) =>
    arnOf(range.world, "cloudwatch", `alarm:${AlarmName}`),
  );
  const arm = () => armAlarms(range, scenario, values);
  const stage = { scenario, balancers, services, externals, load, alarmArns, arm };
  await prelude?.(stage);
  if (hasPast) {
    range.setMeasured(true);
    recordPast(range, scenario, values);
  }
  await sleep(scenario.baselineSeconds * 1000);
  for (const service of services)
    await putScalingPolicies(range, scenario, service, balancers.get(service.name));
  if (scenario.prelude.length === 0) await arm();
  return stage;
}

/** What AWS knows of the time before: metrics, and since when everything runs. */
function recordPast(range: Range, scenario: Scenario, values: ReadonlyMap<string, string>): void {
  const now = range.world.now();
  const { runsSinceHours = 0 } = scenario;
  const past = fillIn(scenario.history, values) as Scenario["history"];
  for (const one of past) range.metrics.put(historySamples(one, now, now + scenario.baselineSeconds * 1000));
  makeOlder(range.ecs.state, runsSinceHours * 3_600_000);
}

async function createBalancers(range: Range, { services }: Scenario): Promise<Map<string, LoadBalancer>> {
  const balancers = new Map<string, LoadBalancer>();
  for (const service of services) {
    const { name, targetHealthCheck, deregistrationDelaySeconds, stickinessSeconds } = service;
    const options = {
      withAlternate: service.rollout !== undefined || service.controller === "CODE_DEPLOY",
      idleTimeoutSeconds: 5,
      healthCheck: targetHealthCheck && defined(targetHealthCheck),
      deregistrationDelaySeconds,
      stickinessSeconds,
    };
    balancers.set(name, await range.elb.createLoadBalancer(name, options));
  }
  return balancers;
}

/** Without the members that are undefined: they would hide the defaults. */
function defined<T extends object>(value: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

function isSteady(range: Range): boolean {
  return [...range.ecs.state.services.values()].every(
    (service) =>
      service.steady &&
      liveTasksOf(range.ecs.state, service).every((task) => isHealthy(task, range.elb.targetGroups)),
  );
}

/** Creates the alarms last, so that they do not evaluate the start of the services. */
async function armAlarms(
  range: Range,
  scenario: Scenario,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  for (const alarm of scenario.alarms) {
    const operation = "AlarmRule" in alarm ? "PutCompositeAlarm" : "PutMetricAlarm";
    await callInside(range, operation, fillIn(alarm, values) as Record<string, unknown>);
  }
}

/** Looks until it is so. Throws after `timeoutMs`. */
export async function until(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Gave up waiting until ${what}.`);
    await sleep(50);
  }
}
