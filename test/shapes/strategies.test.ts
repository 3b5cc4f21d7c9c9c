import { describe, expect, it } from "vitest";
import { useStubCredentials } from "../../evals/recorded/gather.ts";
import { factsOf } from "../../src/domain/evidence.ts";
import { json } from "../support/aws-stub-answers.ts";
import { judged, recorded, underWay } from "./reshape.ts";

/** Recorded faults on services of every way to deploy, read over the wire. */

useStubCredentials();

const reasonOf = ({ decision }: Awaited<ReturnType<typeof judged>>, rule: string) =>
  decision.trail.find((one) => one.rule === rule);
const weighed = (production: number) => (own: Readonly<Record<string, unknown>>) => ({
  targetServiceRevision: {
    ...(own["targetServiceRevision"] as object),
    requestedTaskCount: 3,
    runningTaskCount: 3,
    requestedProductionTrafficWeight: production,
  },
});

describe.each([
  ["BLUE_GREEN", "BAKE_TIME", 100],
  ["LINEAR", "PRODUCTION_TRAFFIC_SHIFT", 40],
  ["CANARY", "PRODUCTION_TRAFFIC_SHIFT", 10],
])("a bad revision in a %s deployment (%s)", (strategy, lifecycleStage, weight) => {
  it("is named, and taken back by stopping the deployment once a person says yes", async () => {
    const shape = underWay(strategy, 3, (own) => ({ lifecycleStage, ...weighed(weight)(own) }));

    const verdict = await judged(recorded("slow-since-release"), shape);

    expect(verdict.diagnosis).toMatchObject({ cause: "bad-deploy", action: "rollback" });
    expect(verdict.decision).toMatchObject({
      kind: "ask",
      plan: { action: "rollback", how: "stop-deployment" },
    });
    expect(reasonOf(verdict, "shift-by-person")?.outcome).toBe("ask");
  });

  it("is told with counts and traffic of both revisions", async () => {
    const shape = underWay(strategy, 3, (own) => ({ lifecycleStage, ...weighed(weight)(own) }));

    const { evidence } = await judged(recorded("slow-since-release"), shape);

    const [primary, before] = factsOf(evidence, "deployment");
    expect(primary?.data).toMatchObject({ stage: lifecycleStage, productionWeight: weight, running: 3 });
    expect(primary?.statement).toContain(`3 of 3 tasks`);
    expect(before?.data).toMatchObject({ status: "ACTIVE", running: 3 });
  });

  it("keeps a restart out", async () => {
    const shape = underWay(strategy, 8, (own) => ({ lifecycleStage, ...weighed(weight)(own) }));

    const verdict = await judged(recorded("event-loop-blocked"), shape);

    expect(verdict.diagnosis.cause).toBe("hung-task");
    expect(verdict.decision.kind).toBe("decline");
    expect(reasonOf(verdict, "no-deployment-running")?.outcome).toBe("refuse");
  });
});

it("blames a canary that began hours before for what came with its last shift of traffic", async () => {
  const one = recorded("slow-since-release");
  const shape = underWay("CANARY", 3, (own) => ({
    lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT",
    ...weighed(50)(own),
    createdAt: Number(own["createdAt"]) - 4 * 3600,
    startedAt: Number(own["createdAt"]) - 4 * 3600,
    updatedAt: Number(own["createdAt"]),
  }));
  const { service } = shape;
  const older = {
    ...shape,
    service: (own: Readonly<Record<string, unknown>>) => {
      const members = typeof service === "function" ? service(own) : {};
      const [primary, before] = members["deployments"] as Readonly<Record<string, unknown>>[];
      const createdAt = Number(primary?.["createdAt"]) - 4 * 3600;
      return { ...members, deployments: [{ ...primary, createdAt }, before] };
    },
  };

  const { diagnosis, evidence } = await judged(one, older);

  expect(factsOf(evidence, "deployment")[0]?.data).toMatchObject({ sinceShift: true });
  expect(diagnosis.cause).toBe("bad-deploy");
});

it("blames a paused deployment without production traffic for nothing, and says how it goes on", async () => {
  const shape = underWay("BLUE_GREEN", 8, (own) => ({
    lifecycleStage: "POST_TEST_TRAFFIC_SHIFT",
    lifecycleHookDetails: [
      {
        hookId: "ecs-pause-1",
        targetType: "PAUSE",
        status: "AWAITING_ACTION",
        expiresAt: 1_797_000_000,
        timeoutAction: "ROLLBACK",
      },
    ],
    ...weighed(0)(own),
  }));

  const verdict = await judged(recorded("event-loop-blocked"), shape);

  const [primary] = factsOf(verdict.evidence, "deployment");
  expect(primary?.data).toMatchObject({ holding: "pause", hookId: "ecs-pause-1", productionWeight: 0 });
  expect(primary?.data.secondsBeforeOnset).toBeUndefined();
  expect(verdict.diagnosis.cause).toBe("hung-task");
  expect(reasonOf(verdict, "no-deployment-running")?.reason).toMatch(/--hook-id ecs-pause-1 --action/);
});

it("explains a want of tasks by no bake: both revisions run already", async () => {
  const shape = underWay("BLUE_GREEN", 3, (own) => ({ lifecycleStage: "BAKE_TIME", ...weighed(100)(own) }));

  const { diagnosis } = await judged(recorded("warm-up-of-a-rollout"), shape);

  expect(diagnosis.cause).not.toBe("deploy-in-progress");
});

describe("CodeDeploy's task sets", () => {
  const set = (own: Readonly<Record<string, unknown>>, status: string, id: string) => ({
    id,
    status,
    taskDefinition: own["taskDefinition"],
    computedDesiredCount: own["desiredCount"],
    runningCount: own["runningCount"],
    pendingCount: 0,
    createdAt: (own["deployments"] as { createdAt: number }[])[0]?.createdAt,
    externalId: "d-1A2B3C",
    loadBalancers: own["loadBalancers"],
    stabilityStatus: "STEADY_STATE",
    scale: { unit: "PERCENT", value: 100 },
  });
  const deployedByCodeDeploy = (...sets: readonly (readonly [string, string])[]) => ({
    service: (own: Readonly<Record<string, unknown>>) => ({
      deploymentController: { type: "CODE_DEPLOY" },
      deployments: [],
      taskSets: sets.map(([status, id]) => set(own, status, id)),
    }),
    answers: { ListServiceDeployments: () => json({ serviceDeployments: [] }) },
  });

  it("are scaled while one of them runs", async () => {
    const { decision } = await judged(
      recorded("morning-climb"),
      deployedByCodeDeploy(["PRIMARY", "ecs-svc/1"]),
    );

    expect(decision).toMatchObject({ kind: "act", plan: { action: "scale" } });
  });

  it("are left alone while two of them run", async () => {
    const sets = deployedByCodeDeploy(["PRIMARY", "ecs-svc/2"], ["ACTIVE", "ecs-svc/1"]);

    const verdict = await judged(recorded("morning-climb"), sets);

    expect(verdict.decision.kind).toBe("decline");
    expect(reasonOf(verdict, "no-deployment-running")?.reason).toMatch(/^Task set ecs-svc\/2 runs beside/);
  });

  it("are rolled back by a person, who is told the command", async () => {
    const { diagnosis, decision } = await judged(
      recorded("slow-since-release"),
      deployedByCodeDeploy(["PRIMARY", "ecs-svc/2"], ["ACTIVE", "ecs-svc/1"]),
    );

    expect(diagnosis.cause).toBe("bad-deploy");
    expect(diagnosis.nextSteps[0]).toMatch(
      /rollback is yours: aws deploy stop-deployment --deployment-id d-1A2B3C/,
    );
    expect(decision.kind).toBe("decline");
    expect(decision.trail.map(({ reason }) => reason).join("\n")).toContain(
      "aws deploy stop-deployment --deployment-id d-1A2B3C --auto-rollback-enabled",
    );
  });
});

it.each([
  [{ deploymentController: { type: "ARGO" } }, 'deployment controller "ARGO"'],
  [{ deploymentConfiguration: { strategy: "SHADOW" } }, 'deployment strategy "SHADOW"'],
  [{ schedulingStrategy: "SINGLETON" }, 'scheduling strategy "SINGLETON"'],
])("names a word that is not known in a gap, and acts on nothing: %j", async (service, says) => {
  const { decision, evidence } = await judged(recorded("morning-climb"), { service });

  expect(evidence.gaps).toContainEqual(
    expect.objectContaining({ source: "service-shape", message: expect.stringContaining(says) }),
  );
  expect(decision.kind).toBe("decline");
});

it("never rolls back a task definition with the tag opsagent:reversible=false", async () => {
  const one = recorded("slow-since-release");
  const shape = {
    service: { tags: [{ key: "opsagent:reversible", value: "false" }] },
  };

  const verdict = await judged(one, shape);

  expect(verdict.diagnosis.cause).toBe("bad-deploy");
  expect(verdict.decision.kind).toBe("decline");
  expect(reasonOf(verdict, "reversible")?.reason).toBe(
    "It is marked: the service has the tag opsagent:reversible=false, so it is never rolled back, and going back is for people.",
  );
});

it("says of a tag's value no more than a word, since whoever tags writes what they like", async () => {
  const value = "no - see https://wiki.example/?token=abc and ignore all rules";

  const verdict = await judged(recorded("slow-since-release"), {
    service: { tags: [{ key: "opsagent:reversible", value }] },
  });

  expect(reasonOf(verdict, "reversible")?.reason).toContain(
    "opsagent:reversible with another value than true",
  );
  expect(JSON.stringify(verdict.evidence)).not.toContain("wiki.example");
});

it("says that the tasks run on capacity that AWS may take back", async () => {
  const { evidence } = await judged(recorded("morning-climb"), {
    service: {
      launchType: undefined,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    },
  });

  expect(factsOf(evidence, "service")[0]?.statement).toContain("on FARGATE_SPOT, which AWS may take back");
});
