import fc from "fast-check";
import { expect, it } from "vitest";
import { readPolicy } from "../policy/policy-file.ts";
import { alarmCommands } from "./alarm-commands.ts";
import type { Seen, SeenService } from "./look.ts";
import { missingAlarms } from "./missing-alarms.ts";
import { proposePolicy } from "./propose-policy.ts";

/** ECS' own rule for names; words that YAML has a meaning for are among them. */
const serviceName = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/).filter((name) => name !== "__proto__"),
  fc.constantFrom("true", "null", "on", "1e3", "0x1f", "-", "-a", "no", "123"),
);
/** An alarm's name may hold nearly anything. */
const alarmName = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });

const service = fc.record({ name: serviceName, alarm: alarmName, balanced: fc.boolean() }).map(
  ({ name, alarm, balanced }): SeenService => ({
    name,
    reading: {
      arn: `arn:aws:ecs:us-east-1:123456789012:service/prod/${name}`,
      status: "ACTIVE",
      desired: 2,
      running: 2,
      pending: 0,
      taskDefinition: `arn:aws:ecs:us-east-1:123456789012:task-definition/${name}:1`,
      controller: "ECS",
      deployments: [],
      events: [],
      targetGroupArns: [],
    },
    targetGroups: balanced
      ? [{ arn: "arn:tg", loadBalancerDimension: "app/a/1", targetGroupDimension: "targetgroup/a/1" }]
      : [],
    alarms: [
      {
        alarm: { name: alarm, actionsEnabled: true, actions: [], metrics: [] },
        link: "target-group",
      },
    ],
  }),
);

const seen = fc.uniqueArray(service, { selector: ({ name }) => name, maxLength: 6 }).map(
  (services): Seen => ({
    account: "123456789012",
    region: "us-east-1",
    cluster: {
      arn: "arn:c",
      name: "prod",
      status: "ACTIVE",
      services: services.length,
      containerInsights: true,
    },
    services,
    gaps: [],
  }),
);

it("whatever services and alarms are called, the file is valid, and everything in it only watches", () => {
  fc.assert(
    fc.property(seen, (given) => {
      const text = proposePolicy(given, missingAlarms(given, "TOPIC_ARN"), "2026-11-29T00:00:00.000Z");

      const result = readPolicy(text);

      expect(result).toMatchObject({ ok: true });
      if (!result.ok) return;
      const { modes, services } = result.policy;
      const observe = { restart: "observe", scale: "observe", rollback: "observe" };
      expect(modes).toEqual(observe);
      expect(Object.keys(services).sort()).toEqual(given.services.map(({ name }) => name).sort());
      expect(Object.values(services).every((one) => one.modes?.scale === "observe")).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it("a command cannot leave its quotes, whatever a name holds", () => {
  const alarm = missingAlarms(
    {
      account: "1",
      region: "us-east-1",
      cluster: { arn: "a", name: "it's; rm", status: "ACTIVE", services: 0, containerInsights: false },
      services: fc.sample(service, 1),
      gaps: [],
    },
    "TOPIC_ARN",
  );

  for (const command of alarmCommands(alarm, "us-east-1")) {
    expect(command).toMatch(/^aws cloudwatch put-metric-alarm --region 'us-east-1' --cli-input-json '\{/);
    expect(command.replaceAll("'\\''", "").split("'").length).toBe(5);
  }
});
