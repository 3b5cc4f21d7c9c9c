import { describe, expect, it } from "vitest";
import type { ScalingLimitsReading, ServiceReading } from "../../domain/reading.ts";
import type { Examination } from "../examination.ts";
import { ecsItself } from "./ecs-itself.ts";

const GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";

/** Everything on. */
const best: ServiceReading = {
  arn: "arn:aws:ecs:us-east-1:123456789012:service/production/web",
  status: "ACTIVE",
  desired: 3,
  running: 3,
  pending: 0,
  taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7",
  controller: "ECS",
  strategy: "ROLLING",
  schedulingStrategy: "REPLICA",
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  healthCheckGraceSeconds: 60,
  circuitBreaker: { enabled: true, rollback: true },
  deploymentAlarms: { names: ["web-5xx"], rollback: true },
  deployments: [],
  events: [],
  targetGroupArns: [GROUP],
};
const limits: ScalingLimitsReading = { min: 3, max: 9, suspended: false };

async function adviceOn(
  reading: Partial<ServiceReading>,
  scaling: ScalingLimitsReading | "none" = limits,
  alarms: readonly string[] = [],
) {
  const examination = {
    configured: () => ({
      config: { policy: { alarms: [{ pattern: "web-*", service: "web" }] } },
      ports: {
        scaling: { limits: async () => (scaling === "none" ? undefined : scaling) },
        loadBalancers: { targetGroups: async () => [] },
      },
    }),
    cluster: async () => ({ name: "production" }),
    services: async () => [{ name: "web", reading: { ...best, ...reading } }],
    alarms: async () => ({
      complete: true,
      alarms: alarms.map((name) => ({ name, actionsEnabled: true, actions: [], metrics: [] })),
    }),
  } as unknown as Examination;
  const found = await ecsItself.run(examination, { signal: AbortSignal.timeout(10_000) });
  return [found].flat();
}

describe("what ECS does by itself", () => {
  it("is recommended nowhere where all of it is on", async () => {
    expect(await adviceOn({})).toEqual([
      { status: "ok", subject: "web", seen: "ECS does all of it by itself" },
    ]);
  });

  it.each([
    [
      "circuit-breaker web",
      { circuitBreaker: { enabled: false, rollback: false } },
      '"deploymentCircuitBreaker": { "enable": true, "rollback": true }',
    ],
    [
      "circuit-breaker web",
      { circuitBreaker: { enabled: true, rollback: false } },
      '"deploymentCircuitBreaker": { "enable": true, "rollback": true }',
    ],
    [
      "deployment-alarms web",
      { deploymentAlarms: { names: ["web-5xx"], rollback: false } },
      '"alarms": { "alarmNames": [ "web-5xx" ], "enable": true, "rollback": true }',
    ],
    [
      "room-to-replace web",
      { minimumHealthyPercent: 100, maximumPercent: 100 },
      '"minimumHealthyPercent": 100, "maximumPercent": 200',
    ],
    ["grace-period web", { healthCheckGraceSeconds: 0 }, "--health-check-grace-period-seconds 60"],
  ])("%s is recommended with the command that sets it", async (subject, reading, command) => {
    const [only, more] = await adviceOn(reading);

    expect(more).toBeUndefined();
    expect(only).toMatchObject({ status: "warning", subject });
    expect(only?.remedy).toMatch(/^aws ecs update-service --cluster production --service web /);
    expect(only?.remedy).toContain(command);
  });

  it("keeps the rest of the deployment configuration in the command", async () => {
    const [only] = await adviceOn({ deploymentAlarms: { names: [], rollback: false } }, limits, [
      "TargetTracking-service/production/web-AlarmHigh-1",
      "web-latency",
    ]);

    const [, json = ""] = /--deployment-configuration '(.*)'$/.exec(only?.remedy ?? "") ?? [];
    expect(JSON.parse(json)).toEqual({
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: ["web-latency"], enable: true, rollback: true },
    });
  });

  it("tracks a target where nothing scales, and wakes what is suspended", async () => {
    const none = await adviceOn({}, "none");
    const suspended = await adviceOn({}, { min: 1, max: 1, suspended: true });

    expect(none[0]?.remedy).toMatch(
      /^aws application-autoscaling register-scalable-target .* --resource-id service\/production\/web --min-capacity 3 --max-capacity 9 && .*ECSServiceAverageCPUUtilization/,
    );
    expect(suspended[0]?.remedy).toContain('"DynamicScalingOutSuspended": false');
  });

  it("asks of a daemon neither scaling nor tasks that it cannot add", async () => {
    const found = await adviceOn({
      schedulingStrategy: "DAEMON",
      minimumHealthyPercent: 100,
      maximumPercent: 100,
    });

    expect(found.map(({ subject }) => subject)).toEqual(["room-to-replace web"]);
    expect(found[0]?.remedy).toContain('"minimumHealthyPercent": 0');
  });

  it("has no breaker for traffic that is shifted, and says nothing of another controller's services", async () => {
    const shifted = await adviceOn({
      strategy: "BLUE_GREEN",
      circuitBreaker: { enabled: false, rollback: false },
    });
    const foreign = await adviceOn({ controller: "CODE_DEPLOY" });

    expect(shifted.map(({ status }) => status)).toEqual(["ok"]);
    expect(foreign.map(({ status }) => status)).toEqual(["skipped"]);
  });

  it("shows commands whose words all fit a line of a hundred characters", async () => {
    const found = await adviceOn({
      circuitBreaker: { enabled: false, rollback: false },
      deploymentAlarms: { names: [], rollback: false },
      healthCheckGraceSeconds: 0,
    });

    for (const word of found.flatMap(({ remedy = "" }) => remedy.split(" "))) {
      expect(word.length).toBeLessThan(80);
    }
  });
});
