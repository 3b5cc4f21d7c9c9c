/** What the crash tests of incidents play through: a world, a policy, the alarms that come, and what people answer. */
import type { Alert } from "../../src/domain/alert.ts";
import { SOON } from "../support/dependencies.ts";
import { type SmallWorld, TARGET, type WorldOptions } from "../support/small-world.ts";

export type Second = "joins" | "refires" | "clears" | "comes late";

export interface Scenario {
  readonly world: Pick<
    WorldOptions,
    "trouble" | "brittle" | "curable" | "blindUntilTold" | "minimumHealthyPercent" | "crowded" | "ailing"
  >;
  readonly policy?: Record<string, unknown>;
  /** What a person answers; absent: nobody does. */
  readonly answer?: "approved" | "denied";
  /** A person has to approve before anything is changed. */
  readonly asks?: true;
  /**
   * What comes besides the first alarm: one that `joins` while the first is worked on, one that `refires` after its
   * end, the first one's OK, which `clears` when a question was put and the trouble has passed by itself, or one that
   * `comes late`, once people were told of the first.
   */
  readonly second?: Second;
  /** What it comes to when nobody is killed: status and changes. */
  readonly usually: { readonly status: string; readonly changes: readonly string[] };
}

/** Alarms of the load balancer do not name the ECS service. */
const alarms = [{ pattern: "shop-*", service: TARGET.service }];
/** Long enough for processes that die and start again on a busy machine. */
const PATIENT = { approvals: { deadlineMinutes: 30 }, alarms };
const LONG_MEMORY = { metricWindowMinutes: 20 };

export const SCENARIOS = {
  restart: { world: { trouble: "leak" }, usually: { status: "resolved", changes: ["stop a"] } },
  "restart two": {
    world: { trouble: "two-leaks" },
    // Enough for a process that starts again, and short where only one of the two was restarted.
    policy: { timing: { verifyTimeoutSeconds: 120 } },
    usually: { status: "resolved", changes: ["stop a", "stop b"] },
  },
  "restart, one first": {
    world: { trouble: "leak", minimumHealthyPercent: 100 },
    policy: { timing: { giveBackGiveUpHours: 0.1 } },
    usually: { status: "resolved", changes: ["desire 4", "stop a", "desire 3"] },
  },
  "restart two, one first": {
    world: { trouble: "two-leaks", minimumHealthyPercent: 100 },
    policy: { timing: { verifyTimeoutSeconds: 120, giveBackGiveUpHours: 0.1 } },
    usually: { status: "resolved", changes: ["desire 4", "stop a", "stop b", "desire 3"] },
  },
  "restart, no room for one first": {
    world: { trouble: "leak", minimumHealthyPercent: 100, crowded: true },
    policy: { timing: { ...SOON, giveBackGiveUpHours: 0.1 } },
    usually: { status: "escalated", changes: ["desire 4", "desire 3"] },
  },
  "restart, the one first never serves": {
    world: { trouble: "leak", minimumHealthyPercent: 100, ailing: true },
    policy: { timing: { ...SOON, giveBackGiveUpHours: 1 } },
    usually: { status: "escalated", changes: ["desire 4", "desire 3"] },
  },
  "restart approved": {
    world: { trouble: "leak" },
    policy: { ...PATIENT, modes: { restart: "approve" } },
    answer: "approved",
    asks: true,
    usually: { status: "resolved", changes: ["stop a"] },
  },
  scale: {
    world: { trouble: "spike" },
    policy: { timing: { giveBackGiveUpHours: 0.1 } },
    usually: { status: "resolved", changes: ["desire 5", "desire 3"] },
  },
  "scale, worse": {
    world: { trouble: "spike", brittle: true },
    policy: { timing: SOON },
    usually: { status: "escalated", changes: ["desire 5", "desire 3"] },
  },
  "rollback approved": {
    world: { trouble: "bad-deploy" },
    policy: PATIENT,
    answer: "approved",
    asks: true,
    usually: { status: "resolved", changes: ["back shop:6"] },
  },
  "rollback denied": {
    world: { trouble: "bad-deploy" },
    policy: PATIENT,
    answer: "denied",
    asks: true,
    usually: { status: "escalated", changes: [] },
  },
  "rollback expired": {
    world: { trouble: "bad-deploy" },
    policy: { approvals: { deadlineMinutes: 0.5 }, alarms },
    asks: true,
    usually: { status: "escalated", changes: [] },
  },
  "rollback auto": {
    world: { trouble: "bad-deploy" },
    policy: { modes: { rollback: "auto" }, alarms },
    usually: { status: "resolved", changes: ["back shop:6"] },
  },
  "second alarm joins": {
    world: { trouble: "leak" },
    second: "joins",
    usually: { status: "resolved", changes: ["stop a"] },
  },
  "alarm fires again": {
    world: { trouble: "leak" },
    policy: { timing: { decayMinutes: 1 } },
    second: "refires",
    usually: { status: "resolved", changes: ["stop a"] },
  },
  "alarm fires again, stays": {
    world: { trouble: "leak", curable: false },
    policy: { timing: { ...SOON, decayMinutes: 0.5 } },
    second: "refires",
    usually: { status: "escalated", changes: ["stop a"] },
  },
  "alarm is OK while asked": {
    world: { trouble: "bad-deploy" },
    // Short: where a death keeps the OK from anyone, the question has to expire; long enough to prove on a busy machine.
    policy: { approvals: { deadlineMinutes: 5 }, timing: { verifyTimeoutSeconds: 60 }, alarms },
    asks: true,
    second: "clears",
    usually: { status: "observed", changes: [] },
  },
  "late alarm says nothing new": {
    world: { trouble: "down" },
    policy: { timing: { settleSeconds: 60 }, alarms },
    second: "comes late",
    usually: { status: "escalated", changes: [] },
  },
  "late alarm shows the cause": {
    world: { trouble: "leak", blindUntilTold: true },
    policy: { timing: { settleSeconds: 200 } },
    second: "comes late",
    usually: { status: "resolved", changes: ["stop a"] },
  },
  "rollback, answered once": {
    world: { trouble: "bad-deploy" },
    policy: { approvals: { deadlineMinutes: 5 }, alarms },
    answer: "approved",
    asks: true,
    usually: { status: "resolved", changes: ["back shop:6"] },
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

/** Those in which OpsAgent is killed; the last one is for killing the person who answers. */
export const SCENARIO_NAMES = (Object.keys(SCENARIOS) as ScenarioName[]).filter(
  (name) => name !== "rollback, answered once",
);

export const scenarioOf = (name: ScenarioName): Scenario => SCENARIOS[name];

/** The scenario's policy, over one that still sees the usual level when an incident is looked at late. */
export function policyOf({ policy }: Scenario): Record<string, unknown> {
  return { ...policy, timing: { ...LONG_MEMORY, ...Object(policy?.["timing"]) } };
}

const ALARM_ARN = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm";

/** The first alarm of the world, as SNS brings it; the same however often it is asked for. */
export function firstEvent(world: SmallWorld): unknown {
  return eventOf(world.alert());
}

/** The second event; a re-fire and an OK have the first one's name and a later time. */
export function secondEvent(world: SmallWorld, kind: Second): unknown {
  const first = world.alert({ state: kind === "clears" ? "OK" : "ALARM" });
  const firedAt = new Date(Date.parse(first.firedAt) + 20_000).toISOString();
  const another = kind === "joins" || kind === "comes late";
  return eventOf({ ...first, firedAt }, another ? "shop-second-alarm" : first.title);
}

function eventOf({ state, firedAt, alarm }: Alert, name = alarm?.name ?? ""): unknown {
  const { metric } = alarm ?? {};
  const message = {
    AlarmName: name,
    AlarmArn: `${ALARM_ARN}:${name}`,
    NewStateValue: state,
    StateChangeTime: firedAt,
    Trigger: {
      MetricName: metric?.name,
      Namespace: metric?.namespace,
      Statistic: metric?.statistic.toUpperCase(),
      Dimensions: Object.entries(metric?.dimensions ?? {}).map(([key, value]) => ({ name: key, value })),
      Period: metric?.periodSeconds,
      EvaluationPeriods: alarm?.evaluationPeriods,
      ComparisonOperator: alarm?.comparison,
      Threshold: alarm?.threshold,
    },
  };
  return { Message: JSON.stringify(message), Timestamp: firedAt };
}
