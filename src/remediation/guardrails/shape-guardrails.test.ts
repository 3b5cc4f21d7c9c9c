import { describe, expect, it } from "vitest";
import { actingPolicy } from "../../../test/samples/acting-policy.ts";
import { BUSY, type Draft, decideInput, deployment, SICK } from "../../../test/samples/facts.ts";
import {
  alarm,
  DEPLOYMENT_ARN,
  leaving,
  PLACED,
  ROLLING,
  rollbackInput,
} from "../../../test/samples/rollbacks.ts";
import type { FactOf } from "../../domain/evidence.ts";
import type { Policy } from "../../domain/policy.ts";
import { decide } from "../decide.ts";

type Service = Partial<FactOf<"service">["data"]>;
type Deployment = Partial<FactOf<"deployment">["data"]>;

/** The facts with the service's and the primary deployment's members changed. */
function reshaped(facts: readonly Draft[], shape: Service, progress: Deployment = {}): Draft[] {
  return facts.map((fact): Draft => {
    if (fact.kind === "service") return { ...fact, data: { ...fact.data, ...shape } };
    if (fact.kind !== "deployment" || fact.data.status !== "PRIMARY") return fact;
    return { ...fact, data: { ...fact.data, ...progress } };
  });
}

const resultOf = (
  rule: string,
  facts: readonly Draft[],
  given: "restart" | "scale" | "rollback",
  policy?: Policy,
) => {
  const known = policy === undefined ? {} : { policy };
  const input =
    given === "rollback"
      ? rollbackInput({ facts, ...known })
      : decideInput({
          facts,
          ...known,
          ...(given === "scale"
            ? { diagnosis: { cause: "traffic-spike" as const, action: "scale" as const, evidence: ["E1"] } }
            : {}),
        });
  const decision = decide(input);
  return { decision, result: decision.trail.find((one) => one.rule === rule) };
};

describe("scheduling-strategy", () => {
  it("lets a task of a DAEMON be stopped, with no task added first", () => {
    const facts = reshaped(SICK, { schedulingStrategy: "DAEMON" });

    const { decision, result } = resultOf("scheduling-strategy", facts, "restart");

    expect(result?.outcome).toBe("pass");
    expect(decision).toMatchObject({ kind: "act", plan: { action: "restart" } });
    expect(decision).not.toHaveProperty("plan.surge");
  });

  it("scales no DAEMON and nothing under a word that is not known", () => {
    for (const schedulingStrategy of ["DAEMON", "SINGLETON"]) {
      const { decision, result } = resultOf(
        "scheduling-strategy",
        reshaped(BUSY, { schedulingStrategy }),
        "scale",
      );

      expect(result).toMatchObject({
        outcome: "refuse",
        reason: expect.stringContaining(schedulingStrategy),
      });
      expect(decision.kind).toBe("decline");
    }
  });
});

describe("deployment-controller", () => {
  it.each(["CODE_DEPLOY", "EXTERNAL"])(
    "scales and restarts under %s, whose tasks are ECS's",
    (controller) => {
      expect(resultOf("deployment-controller", reshaped(BUSY, { controller }), "scale").decision.kind).toBe(
        "act",
      );
      expect(resultOf("deployment-controller", reshaped(SICK, { controller }), "restart").decision.kind).toBe(
        "act",
      );
    },
  );

  it("leaves CodeDeploy's rollback to a person, with the command for a deployment that goes on", () => {
    const green = {
      taskSet: true,
      externalId: "d-ABC123",
      inProgress: true,
      createdAt: "2026-11-23T06:50:00Z",
    };
    const facts = [...reshaped(ROLLING, { controller: "CODE_DEPLOY" }, green)];

    const { decision } = resultOf("plan", facts, "rollback");

    expect(decision.kind).toBe("decline");
    expect(decision.trail.at(-1)?.reason).toBe(
      "CodeDeploy makes the deployments of this service, so the rollback is yours: aws deploy stop-deployment --deployment-id d-ABC123 --auto-rollback-enabled.",
    );
  });

  it("names the command that makes another task set the primary one", () => {
    const facts = reshaped(
      [...PLACED, leaving({ id: "ecs-svc/9", taskSet: true, running: 3 })],
      { controller: "EXTERNAL" },
      { taskSet: true },
    );

    expect(resultOf("plan", facts, "rollback").decision.trail.at(-1)?.reason).toContain(
      "aws ecs update-service-primary-task-set --cluster production --service shop --primary-task-set ecs-svc/9",
    );
  });

  it("acts on nothing under a controller that is not known", () => {
    const { result } = resultOf("deployment-controller", reshaped(SICK, { controller: "ARGO" }), "restart");

    expect(result).toMatchObject({ outcome: "refuse", reason: expect.stringContaining("ARGO") });
  });
});

describe("deployment-strategy", () => {
  it("refuses a strategy and a stage that are not known, and a stage that was not read", () => {
    const shift = { strategy: "BLUE_GREEN" };
    const going = { inProgress: true, strategy: "BLUE_GREEN" };

    expect(
      resultOf("deployment-strategy", reshaped(SICK, { strategy: "SHADOW" }), "restart").result,
    ).toMatchObject({
      outcome: "refuse",
      reason: expect.stringContaining("SHADOW"),
    });
    const facts = reshaped([...SICK, deployment()], shift, { ...going, stage: "MIRROR_TRAFFIC" });
    expect(resultOf("deployment-strategy", facts, "restart").result).toMatchObject({
      outcome: "refuse",
      reason: expect.stringContaining("MIRROR_TRAFFIC"),
    });
    expect(
      resultOf("deployment-strategy", reshaped([...SICK, deployment()], shift, going), "restart").result,
    ).toMatchObject({ outcome: "refuse", reason: expect.stringContaining("could not be read") });
  });

  it.each(["BLUE_GREEN", "LINEAR", "CANARY"])(
    "restarts and scales a %s service between deployments",
    (strategy) => {
      expect(resultOf("deployment-strategy", reshaped(SICK, { strategy }), "restart").decision.kind).toBe(
        "act",
      );
      expect(resultOf("deployment-strategy", reshaped(BUSY, { strategy }), "scale").decision.kind).toBe(
        "act",
      );
    },
  );
});

const HOLDS = [
  ["BLUE_GREEN", "BAKE_TIME", "bake", /bakes/],
  ["LINEAR", "PRODUCTION_TRAFFIC_SHIFT", "shift", /Traffic shifts/],
  ["CANARY", "PRODUCTION_TRAFFIC_SHIFT", "shift", /Traffic shifts/],
  ["BLUE_GREEN", "POST_TEST_TRAFFIC_SHIFT", "pause", /paused until .*continue-service-deployment/],
] as const;

describe("no-deployment-running", () => {
  it.each(HOLDS)("keeps restart and scale out of a %s deployment in %s", (strategy, stage, holding, says) => {
    const progress = {
      inProgress: true,
      strategy,
      stage,
      holding,
      arn: DEPLOYMENT_ARN,
      hookId: "ecs-pause-1",
      hookExpiresAt: "2026-11-24T07:00:00.000Z",
      hookOnTimeout: "ROLLBACK",
    };
    for (const [facts, action] of [
      [SICK, "restart"],
      [BUSY, "scale"],
    ] as const) {
      const { decision, result } = resultOf(
        "no-deployment-running",
        reshaped(facts, { strategy }, progress),
        action,
      );

      expect(decision.kind).toBe("decline");
      expect(result).toMatchObject({ outcome: "refuse", reason: expect.stringMatching(says) });
    }
  });
});

const AUTO = (): Policy => {
  const policy = actingPolicy();
  return { ...policy, modes: { ...policy.modes, rollback: "auto" } };
};

describe("a rollback into a shift, bake or pause", () => {
  it.each(HOLDS)("of a %s deployment in %s stops it, by a person's yes only", (strategy, stage, holding) => {
    const facts = reshaped(ROLLING, { strategy }, { strategy, stage, holding, failedTasks: 0 });

    const { decision, result } = resultOf("shift-by-person", facts, "rollback", AUTO());

    expect(result?.outcome).toBe("ask");
    expect(decision).toMatchObject({
      kind: "ask",
      plan: { action: "rollback", how: "stop-deployment", deploymentArn: DEPLOYMENT_ARN },
    });
  });

  it("of a rolling deployment needs none where the policy says auto", () => {
    expect(
      resultOf("shift-by-person", reshaped(ROLLING, { strategy: "ROLLING" }), "rollback", AUTO()).result,
    ).toMatchObject({ outcome: "pass" });
  });

  it("of a finished one asks where its bake is longer than recovery is waited for", () => {
    const long = reshaped(PLACED, { strategy: "CANARY", bakeMinutes: 240 });
    const short = reshaped(PLACED, { strategy: "CANARY", bakeMinutes: 5 });

    expect(resultOf("shift-by-person", long, "rollback", AUTO()).result).toMatchObject({ outcome: "ask" });
    expect(resultOf("shift-by-person", short, "rollback", AUTO()).decision).toMatchObject({
      kind: "act",
      plan: { how: "update-service" },
    });
  });
});

describe("ecs-first", () => {
  it("stands back where a deployment alarm or the circuit breaker takes the deployment back", () => {
    const byAlarm = reshaped(ROLLING, { deploymentAlarmsRollback: true }, { alarmsStatus: "TRIGGERED" });
    const byBreaker = reshaped(
      ROLLING,
      { circuitBreakerRollback: true },
      { circuitBreakerStatus: "TRIGGERED" },
    );

    for (const facts of [byAlarm, byBreaker]) {
      expect(resultOf("ecs-first", facts, "rollback").result).toMatchObject({
        outcome: "refuse",
        reason: expect.stringContaining("ECS rolls the deployment back itself"),
      });
    }
  });

  it("stands back where the alarm that fired is one that ECS watches for the deployment", () => {
    const watched = { deploymentAlarmsRollback: true, deploymentAlarms: ["shop-errors"] };
    const facts = [...reshaped(ROLLING, watched, { alarmsStatus: "MONITORING" }), alarm("ALARM")];

    expect(resultOf("ecs-first", facts, "rollback").result).toMatchObject({ outcome: "refuse" });
  });

  it("asks while the circuit breaker counts, and passes where it would not roll back", () => {
    const counting = { circuitBreakerStatus: "MONITORING", circuitBreakerThreshold: 10 };
    const on = reshaped(ROLLING, { circuitBreakerRollback: true }, counting);
    const off = reshaped(ROLLING, { circuitBreakerRollback: false }, counting);

    expect(resultOf("ecs-first", on, "rollback").result).toMatchObject({
      outcome: "ask",
      reason: expect.stringContaining("3 failed tasks, and rolls back at 10"),
    });
    expect(resultOf("ecs-first", off, "rollback").result?.outcome).toBe("pass");
  });
});

describe("reversible", () => {
  const withRollback = (rollback: object): Policy => ({
    ...AUTO(),
    services: { shop: { rollback } },
  });

  it("never rolls back what a tag or the policy marks, and says why", () => {
    const marked = reshaped(PLACED, { irreversible: "shop:7 has the tag opsagent:reversible=false" });

    const cases = [
      resultOf("reversible", marked, "rollback", AUTO()),
      resultOf("reversible", PLACED, "rollback", withRollback({ reversible: false })),
      resultOf("reversible", PLACED, "rollback", withRollback({ irreversible: ["shop:7"] })),
    ];

    for (const { decision, result } of cases) {
      expect(decision.kind).toBe("decline");
      expect(result).toMatchObject({ outcome: "refuse", reason: expect.stringMatching(/never rolled back/) });
    }
  });

  it("does not go back over a marked revision, and goes where only an older one is marked", () => {
    const over = (revision: string) =>
      resultOf("reversible", PLACED, "rollback", withRollback({ irreversible: [revision] })).result?.outcome;

    expect(over("shop:6")).toBe("pass");
    expect(over("cart:7")).toBe("pass");
  });

  it("asks where tags could not be read", () => {
    const facts = reshaped(PLACED, { reversibleUnread: true });

    expect(resultOf("reversible", facts, "rollback", AUTO()).result).toMatchObject({ outcome: "ask" });
  });

  it("stands in the way of nothing else", () => {
    const facts = reshaped(SICK, { irreversible: "the service has the tag opsagent:reversible=false" });

    expect(resultOf("reversible", facts, "restart").decision.kind).toBe("act");
  });
});
