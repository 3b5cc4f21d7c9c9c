import { setTimeout as sleep } from "node:timers/promises";
import { callInside, type Range } from "../range.ts";
import { type Injected, inject } from "./inject.ts";
import { clusterOf, type Scenario } from "./scenario.ts";
import { type Stage, type Stoppable, setStage } from "./stage.ts";

/** A control request that makes no sense now; `status` is the HTTP status of the answer. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

/** One scenario at a time: started, broken, judged. */
export interface Drill {
  start(scenario: Scenario, baselineSeconds?: number): Promise<Record<string, unknown>>;
  inject(taskArn: string | undefined): Promise<Record<string, unknown>>;
  /** What happens by itself after the cure: a wave of requests is over. */
  aftermath(): Promise<Record<string, unknown>>;
  truth(): Record<string, unknown>;
  stage(): Stage | undefined;
  subscribe(functionArn: string): Promise<string>;
  stop(): Promise<void>;
}

/** A drill on a range. A range takes one scenario in its life, so that no metrics of another are in it. */
export function createDrill(range: Range): Drill {
  let topic: Promise<string> | undefined;
  let starting = false;
  let stage: Stage | undefined;
  const running: Stoppable[] = [];
  let injections: Injected[] = [];

  function theTopic(): Promise<string> {
    topic ??= callInside(range, "CreateTopic", { Name: "ops-alarms" }).then((made) =>
      String(made["TopicArn"]),
    );
    return topic;
  }

  /** ARNs of the tasks that an action may touch; `all`: every one that the service ever had. */
  function targetsOf(which: Scenario["truth"]["targets"]): string[] {
    if (which === "none") return [];
    if (which === "injected") return injections.flatMap((one) => one.tasks);
    const { service } = theStage().scenario;
    return [...range.ecs.state.tasks.values()]
      .filter((task) => task.service.name === service)
      .map((task) => task.arn);
  }

  function theStage(): Stage {
    if (!stage) throw new ControlError(409, "No scenario has been started.");
    return stage;
  }

  return {
    async start(scenario, baselineSeconds = scenario.baselineSeconds) {
      if (starting)
        throw new ControlError(409, "A scenario runs already; start another sandbox for another one.");
      starting = true;
      range.setConditions(scenario.conditions);
      const topicArn = await theTopic();
      const begun = Date.now();
      const declared = { ...scenario, baselineSeconds };
      const prelude = (set: Stage) => inject(range, set, declared.prelude);
      stage = await setStage(range, declared, topicArn, (started) => void running.push(started), prelude);
      return { ...(await facts(range, stage, topicArn)), readyAfterSeconds: (Date.now() - begun) / 1000 };
    },

    async inject(taskArn) {
      const { scenario, arm } = theStage();
      if (scenario.prelude.length > 0) await arm();
      else await quiet(range, scenario);
      const done = await inject(range, theStage(), theStage().scenario.injection, taskArn);
      injections = [...injections, ...done];
      return { injected: done, tasks: done.flatMap((one) => one.tasks) };
    },

    async aftermath() {
      const done = await inject(range, theStage(), theStage().scenario.aftermath);
      return { happened: done.map(({ kind, at }) => ({ kind, at })) };
    },

    truth() {
      const { scenario } = theStage();
      const { targets, ...rest } = scenario.truth;
      return {
        scenario: scenario.name,
        ...rest,
        targets: targetsOf(targets),
        injected: injections,
      };
    },

    stage: () => stage,

    async subscribe(functionArn) {
      const subscription = { TopicArn: await theTopic(), Protocol: "lambda", Endpoint: functionArn };
      const made = await callInside(range, "Subscribe", subscription);
      return String(made["SubscriptionArn"]);
    },

    async stop() {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}

/** How long a stage may take to become quiet again after a machine that was too busy has tripped its alarms. */
const QUIET_WITHIN_MS = 45_000;

/** Waits until no alarm of the scenario is in ALARM, since an alarm that fires already cannot show the fault. */
async function quiet(range: Range, scenario: Scenario): Promise<void> {
  const names = scenario.alarms.map(({ AlarmName }) => AlarmName);
  const AlarmTypes = ["MetricAlarm", "CompositeAlarm"];
  const giveUp = Date.now() + QUIET_WITHIN_MS;
  for (;;) {
    const found = await callInside(range, "DescribeAlarms", {
      AlarmNames: names,
      AlarmTypes,
      StateValue: "ALARM",
    });
    const loud = [found["MetricAlarms"], found["CompositeAlarms"]].flat() as readonly unknown[];
    if (loud.every((alarm) => alarm === undefined)) return;
    if (Date.now() > giveUp)
      throw new ControlError(409, "An alarm was in ALARM before anything was broken; start another sandbox.");
    await sleep(200);
  }
}

async function facts(range: Range, stage: Stage, topicArn: string): Promise<Record<string, unknown>> {
  const { scenario } = stage;
  const balancer = stage.balancers.get(scenario.service);
  const found = await callInside(range, "DescribeServices", {
    cluster: clusterOf(scenario, scenario.service),
    services: [scenario.service],
  });
  const [service] = found["services"] as readonly Record<string, unknown>[];
  return {
    scenario: scenario.name,
    title: scenario.title,
    cluster: scenario.cluster,
    clusterArn: service?.["clusterArn"],
    service: scenario.service,
    serviceArn: service?.["serviceArn"],
    desiredCount: service?.["desiredCount"],
    minimumHealthyPercent: stage.services.find(({ name }) => name === scenario.service)
      ?.minimumHealthyPercent,
    alarmName: scenario.alarms[0]?.AlarmName,
    alarmArn: stage.alarmArns[0],
    alarmArns: stage.alarmArns,
    topicArn,
    loadBalancerUrl: balancer?.url,
    loadBalancer: balancer?.dimension,
    targetGroup: balancer?.group.dimension,
    targetGroupArn: balancer?.group.arn,
    logGroup:
      stage.services.find(({ name }) => name === scenario.service)?.logGroup ?? `/ecs/${scenario.service}`,
  };
}
