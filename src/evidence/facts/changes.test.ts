import { describe, expect, it } from "vitest";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type {
  ChangeReading,
  ServiceDeploymentReading,
  ServiceReading,
  TaskDefinitionReading,
} from "../../domain/reading.ts";
import { diffBaseOf, finishedDeploymentFacts, switchedAt } from "../deployment-history.ts";
import type { EvidenceContext } from "../source.ts";
import { alarmFacts, otherAlarmFacts } from "./alarm-facts.ts";
import { type Comparison, diffFact } from "./change-facts.ts";
import { changeLogFacts, namesOf } from "./change-log-facts.ts";
import { pastIncidentFacts } from "./past-incident-facts.ts";
import { deploymentFacts } from "./service-facts.ts";

const onset = Date.parse("2026-11-23T07:00:00.000Z");
const secondsEarlier = (seconds: number) => new Date(onset - seconds * 1000).toISOString();
const arn = (revision: number) => `arn:aws:ecs:us-east-1:000000000000:task-definition/shop:${revision}`;

const past = (
  revision: number,
  seconds: number,
  given: Partial<ServiceDeploymentReading> = {},
): ServiceDeploymentReading => ({
  id: `d${revision}-${seconds}`,
  status: "SUCCESSFUL",
  createdAt: secondsEarlier(seconds),
  finishedAt: secondsEarlier(seconds - 30),
  taskDefinition: arn(revision),
  images: [],
  replaced: [],
  ...given,
});

const deployment = (revision: number, seconds: number, status = "PRIMARY") => ({
  id: "ecs-svc/1",
  status,
  taskDefinition: arn(revision),
  desired: 2,
  running: 2,
  pending: 0,
  failedTasks: 0,
  createdAt: secondsEarlier(seconds),
});

const service = (...deployments: ServiceReading["deployments"]): ServiceReading => ({
  arn: "arn",
  status: "ACTIVE",
  desired: 2,
  running: 2,
  pending: 0,
  taskDefinition: arn(9),
  controller: "ECS",
  deployments,
  events: [],
  targetGroupArns: [],
});

describe("what a task definition is held against", () => {
  it("is the one that last ran steadily, not the number below", () => {
    const history = [
      past(9, 40),
      past(8, 300, { status: "ROLLBACK_SUCCESSFUL" }),
      past(6, 9000),
      past(5, 99_999),
    ];

    const base = diffBaseOf(arn(9), [], history);

    expect(base).toEqual({ arn: arn(6), kind: "last-steady", images: [] });
  });

  it("is the one being replaced where the history says nothing", () => {
    const base = diffBaseOf(arn(9), [deployment(9, 40), deployment(4, 9000, "ACTIVE")], [past(9, 40)]);

    expect(base).toMatchObject({ arn: arn(4), kind: "being-replaced" });
  });

  it("is the revision minus one in the end, and nothing for the first", () => {
    expect(diffBaseOf(arn(9), [deployment(9, 40)], [])).toMatchObject({
      arn: arn(8),
      kind: "revision-before",
    });
    expect(diffBaseOf(arn(1), [], [])).toBeUndefined();
    expect(diffBaseOf("", [], [])).toBeUndefined();
  });

  it("has run since the service went over to it, not since its last restart", () => {
    expect(switchedAt(arn(9), [deployment(9, 40)], [past(9, 40), past(9, 5000), past(6, 9000)])).toBe(
      secondsEarlier(5000),
    );
    expect(switchedAt(arn(9), [], [])).toBeUndefined();
  });

  it("is told with what differs: roles, modes, drivers and digests by name, never a value", () => {
    const container = {
      name: "app",
      image: "shop:stable",
      essential: true,
      environmentNames: ["A"],
      secretNames: [],
      ports: [],
      logs: { driver: "awslogs", mode: "non-blocking" as const },
    };
    const earlier: TaskDefinitionReading = {
      arn: arn(6),
      family: "shop",
      revision: 6,
      taskRole: "old-role",
      networkMode: "bridge",
      containers: [container],
    };
    const comparison: Comparison = {
      base: {
        arn: arn(6),
        kind: "last-steady",
        images: [{ container: "app", image: "shop:stable", digest: "sha256:aaaaaaaaaaaaaaaa" }],
      },
      before: earlier,
      after: {
        ...earlier,
        arn: arn(9),
        taskRole: "new-role",
        networkMode: "awsvpc",
        volumes: ["cache"],
        containers: [
          {
            ...container,
            logs: { driver: "awsfirelens", mode: "non-blocking" },
            environmentNames: ["A", "B"],
          },
        ],
      },
      afterImages: [{ container: "app", image: "shop:stable", digest: "sha256:bbbbbbbbbbbbbbbb" }],
      deployedAt: secondsEarlier(40),
    };

    const fact = diffFact(comparison, onset);

    expect(fact.statement).toBe(
      "shop:9 against shop:6 (which last ran steadily), deployed 40 s before the onset: task role: old-role -> new-role; network mode: bridge -> awsvpc; volumes: none -> cache; app environment names: A -> A, B; app log driver: awslogs -> awsfirelens; app image digest: sha256:aaaaaaaaaaaa -> sha256:bbbbbbbbbbbb.",
    );
    expect(fact.data).toMatchObject({
      base: "last-steady",
      deployedAt: secondsEarlier(40),
      secondsBeforeOnset: 40,
    });
  });

  it("tells which settings have another value, and whether the images are the same", () => {
    const container = (settings: Readonly<Record<string, string>>) => ({
      name: "app",
      image: "shop:stable",
      essential: true,
      environmentNames: Object.keys(settings),
      secretNames: [],
      ports: [],
      environmentFingerprints: settings,
    });
    const read = (revision: number, settings: Readonly<Record<string, string>>): TaskDefinitionReading => ({
      arn: arn(revision),
      family: "shop",
      revision,
      containers: [container(settings)],
    });
    const images = [{ container: "app", image: "shop:stable", digest: "sha256:aaaaaaaaaaaaaaaa" }];
    const compared = (after: Readonly<Record<string, string>>) =>
      diffFact(
        {
          base: { arn: arn(6), kind: "last-steady", images },
          before: read(6, { PAYMENTS_URL: "x", MODE: "y" }),
          after: read(7, after),
          afterImages: images,
        },
        onset,
      );

    expect(compared({ PAYMENTS_URL: "z", MODE: "y" }).data).toMatchObject({
      changes: [{ what: "app environment values", before: "PAYMENTS_URL", after: "another value" }],
      sameImages: true,
    });
    expect(compared({ PAYMENTS_URL: "x", MODE: "y" }).data).toMatchObject({ changes: [], sameImages: true });
  });
});

describe("deployments", () => {
  const digest = (value: string) => [{ container: "app", image: "shop:stable", digest: value }];

  it.each([
    ["the same image", "sha256:a", { forced: true, imageChanged: false }, "Forced new deployment of shop:9"],
    [
      "another image behind its tag",
      "sha256:b",
      { forced: true, imageChanged: true },
      "stands for another image",
    ],
  ])("of the same task definition are told apart: %s", (_name, now, data, says) => {
    const history = [
      past(9, 40, { revision: "1", images: digest(now) }),
      past(9, 900, { images: digest("sha256:a") }),
    ];

    const [fact] = deploymentFacts(service(deployment(9, 40)), onset, history);

    expect(fact?.data).toMatchObject({ ...data, replaced: "shop:9", secondsBeforeOnset: 40 });
    expect(fact?.statement).toContain(says);
  });

  it("of another one are not forced", () => {
    const [fact] = deploymentFacts(service(deployment(9, 40)), onset, [past(9, 42), past(6, 900)]);

    expect(fact?.data).toMatchObject({ forced: false, replaced: "shop:6" });
  });

  it("that ended are facts of their own, with what the circuit breaker went back to", () => {
    const failed = past(8, 300, {
      status: "ROLLBACK_SUCCESSFUL",
      circuitBreaker: { status: "TRIGGERED", failures: 3 },
      rollback: { reason: "ECS deployment circuit breaker: tasks failed to start.", taskDefinition: arn(6) },
    });
    const listed = past(6, 200, { revision: "1" });

    const facts = finishedDeploymentFacts(
      service({ ...deployment(6, 200) }),
      [listed, failed, past(6, 99_999)],
      onset,
      onset - 3_600_000,
    );

    expect(facts).toHaveLength(1);
    expect(facts[0]?.statement).toBe(
      "Deployment of shop:8, begun 5 min before the onset, was rolled back by the circuit breaker, back to shop:6, 3 tasks failed: ECS deployment circuit breaker: tasks failed to start.",
    );
    expect(facts[0]?.data).toMatchObject({
      circuitBreakerTriggered: true,
      rolledBackTo: "shop:6",
      failedTasks: 3,
    });
  });
});

describe("what a rollback needs to know", () => {
  const ARN = "arn:aws:ecs:us-east-1:000000000000:service-deployment/production/shop/d9";
  const dataOf = (...history: ServiceDeploymentReading[]) =>
    deploymentFacts(service(deployment(9, 40), deployment(6, 900, "ACTIVE")), onset, history).map(
      (fact) => fact.data,
    );

  it("is which entry of the history a deployment is, and what the history says of it", () => {
    const [primary, other] = dataOf(past(9, 42, { arn: ARN, status: "IN_PROGRESS" }), past(6, 900));

    expect(primary).toMatchObject({ arn: ARN, historyStatus: "IN_PROGRESS" });
    expect(other).toMatchObject({ historyStatus: "SUCCESSFUL" });
    expect(other).not.toHaveProperty("arn");
    expect(dataOf(past(9, 4000, { arn: ARN }))[0]).not.toHaveProperty("arn");
  });

  it.each(["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"])(
    "is that one is being taken back: %s, though none that the service lists",
    (status) => {
      const [primary, other] = dataOf(past(8, 300, { status }));

      expect(primary).toMatchObject({ rollingBack: true });
      expect(other).not.toHaveProperty("rollingBack");
      expect(dataOf(past(8, 300, { status: "ROLLBACK_SUCCESSFUL" }))[0]).not.toHaveProperty("rollingBack");
    },
  );

  it("is whether the one before could be put in place again", () => {
    const definition = (revision: number): TaskDefinitionReading => ({
      arn: arn(revision),
      family: "shop",
      revision,
      status: "INACTIVE",
      containers: [],
    });
    const fact = diffFact(
      {
        base: { arn: arn(6), kind: "last-steady", images: [] },
        before: definition(6),
        after: definition(9),
        afterImages: [],
      },
      onset,
    );

    expect(fact.data).toMatchObject({ from: "shop:6", base: "last-steady", fromStatus: "INACTIVE" });
  });
});

describe("changes that CloudTrail recorded", () => {
  const change = (event: string, given: Partial<ChangeReading> = {}): ChangeReading => ({
    id: event,
    at: secondsEarlier(90),
    event,
    service: "ecs",
    who: "deployer",
    resources: [],
    parameters: {},
    ...given,
  });
  const names = namesOf("shop", arn(9), undefined, [
    "arn:aws:elasticloadbalancing:us-east-1:0:targetgroup/shop-tg/1",
  ]);

  it("tell who did what, when, and whether it names the service", () => {
    const [first, second] = changeLogFacts(
      [
        change("RevokeSecurityGroupEgress", { service: "ec2", parameters: { groupId: "sg-1" } }),
        change("UpdateService", { parameters: { service: "shop", desiredCount: "1" } }),
      ],
      names,
      onset,
    );

    expect(first?.statement).toBe(
      "deployer did ecs UpdateService (service shop, desiredCount 1) 90 s before the onset.",
    );
    expect(first?.data).toMatchObject({ area: "deployment", aboutService: true, secondsBeforeOnset: 90 });
    expect(second?.statement).toContain("(groupId sg-1) 90 s before the onset, elsewhere in the account");
    expect(second?.data).toMatchObject({ area: "network", aboutService: false });
  });

  it.each([
    ["a deployment of another service", change("UpdateService", { parameters: { service: "shop-admin" } })],
    ["what changes nothing that matters", change("CreateLogStream", { resources: ["shop"] })],
    ["another target group", change("ModifyTargetGroup", { resources: ["targetgroup/shop-tg-2/5"] })],
  ])("leave out %s", (_name, reading) => {
    expect(changeLogFacts([reading], names, onset)).toEqual([]);
  });

  it("are bounded, those of the service first", () => {
    const many = Array.from({ length: 150 }, () =>
      change("PutSecretValue", { parameters: { secretId: "x" } }),
    );
    const own = change("ModifyTargetGroup", { resources: ["targetgroup/shop-tg/1"] });

    const facts = changeLogFacts([...many, own], names, onset);

    expect(facts).toHaveLength(15);
    expect(facts[0]?.data).toMatchObject({ event: "ModifyTargetGroup", aboutService: true });
  });
});

describe("alarms", () => {
  const transition = (to: string) => ({ at: secondsEarlier(60), from: "OK", to });

  it("that fire again and again are said to flap", () => {
    const often = ["ALARM", "OK", "ALARM", "OK", "ALARM"].map(transition);

    const [fact] = alarmFacts(
      { name: "cpu", state: "ALARM" },
      { cluster: "production", service: "shop" },
      often,
      60,
    );

    expect(fact?.statement).toBe(
      "Alarm cpu is ALARM, it flaps: 3 times in ALARM, 5 changes of state within the hour.",
    );
    expect(fact?.data).toMatchObject({ recentAlarms: 3, recentTransitions: 5, flapping: true });
  });

  it("of the same service are told; others and the one that fired are not", () => {
    const target = { cluster: "production", service: "shop" };
    const groups = [
      { arn: "g", loadBalancerDimension: "app/front/1", targetGroupDimension: "targetgroup/shop/1" },
    ];
    const alarm = (name: string, dimensions: Record<string, string>) => ({
      name,
      state: "ALARM",
      dimensions,
    });

    const facts = otherAlarmFacts(
      [
        alarm("own", { ServiceName: "shop", ClusterName: "production" }),
        alarm("memory", { ServiceName: "shop", ClusterName: "production" }),
        alarm("other cluster", { ServiceName: "shop", ClusterName: "staging" }),
        alarm("5xx", { LoadBalancer: "app/front/1", TargetGroup: "targetgroup/shop/1" }),
        alarm("other group", { LoadBalancer: "app/front/1", TargetGroup: "targetgroup/else/1" }),
        alarm("balancer", { LoadBalancer: "app/front/1" }),
        { name: "without dimensions", state: "ALARM" },
      ],
      "own",
      target,
      groups,
    );

    expect(facts.map(({ data }) => "name" in data && data.name)).toEqual(["memory", "5xx", "balancer"]);
    expect(facts[0]?.data).toMatchObject({ other: true });
  });
});

describe("earlier incidents", () => {
  const resolved = resolvedIncident();
  const context = {
    alert: { ...resolved.alert, key: "another" },
    target: resolved.target,
    now: Date.parse(resolved.closedAt ?? "") + 7_200_000,
  } as EvidenceContext;

  it("say what it was, what was done and whether it held", () => {
    const [fact] = pastIncidentFacts([resolved], context);

    expect(fact?.statement).toBe("Earlier incident, 2.0 h ago, same alarm: memory-leak, restart, recovered.");
    expect(fact).toMatchObject({
      provenance: "memory",
      data: {
        cause: "memory-leak",
        action: "restart",
        outcome: "recovered",
        agoSeconds: 7200,
        sameAlarm: true,
      },
    });
  });

  it("are at most five, of this service, closed, diagnosed, and not this one", () => {
    const { closedAt: _, ...open } = resolved;
    const { diagnosis: __, ...undiagnosed } = resolved;
    const others: Incident[] = [
      open,
      undiagnosed,
      { ...resolved, target: { cluster: "staging", service: resolved.target?.service ?? "" } },
      { ...resolved, alert: context.alert },
    ];

    expect(pastIncidentFacts(others, context)).toEqual([]);
    expect(
      pastIncidentFacts(
        Array.from({ length: 30 }, () => resolved),
        context,
      ),
    ).toHaveLength(5);
  });
});
