import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionCase } from "../../test/samples/arbitrary-case.ts";
import { gap, NOW, past } from "../../test/samples/facts.ts";
import { DEPLOYMENT_ARN } from "../../test/samples/rollbacks.ts";
import { planHash } from "../domain/approval.ts";
import { Decision, type Plan } from "../domain/decision.ts";
import { type Evidence, type FactKind, factsOf } from "../domain/evidence.ts";
import type { Policy } from "../domain/policy.ts";
import { type DecideInput, decide } from "./decide.ts";
import { supportsCause } from "./remedies.ts";

type RestartPlan = Extract<Plan, { action: "restart" }>;

const RUNS = { numRuns: 3000 };
const RANK = { decline: 0, ask: 1, act: 2 };
const rank = (input: DecideInput) => RANK[decide(input).kind];

const UNTIL_DEPLOYED = [
  ...["oom-kill", "memory-leak", "connection-leak", "hung-task", "disk-full", "cpu-saturation"],
  ...["dependency-down", "dependency-throttled", "retry-storm", "network-failure"],
  ...["permission-denied", "certificate-expired", "capacity-unavailable"],
];

/** The cells of the design's table in which code may act at all. */
const MAY_ACT: Readonly<Record<string, readonly string[]>> = {
  restart: ["oom-kill", "memory-leak", "connection-leak", "hung-task", "disk-full", "cpu-saturation"],
  scale: ["traffic-spike"],
  rollback: [
    ...["bad-deploy", "memory-limit-too-low", "image-pull-failure", "startup-misconfiguration"],
    ...["health-check-misconfigured", "crash-loop", ...UNTIL_DEPLOYED],
  ],
};

/** Cells in which a person may be asked as well. */
const MAY_ASK: Readonly<Record<string, readonly string[]>> = {
  ...MAY_ACT,
  scale: ["traffic-spike", "cpu-saturation", "desired-count-zero"],
};

/** What a person may allow by approving exactly this change. */
const MAY_BE_APPROVED = ["mode is not auto", "budget", "no recent deployment"];

/** What an agreeing model makes of a confidence at most: twice the odds. */
function agreed(confidence: number): number {
  return (2 * confidence) / (1 + confidence);
}

/** Every reason, found without the code under test, for which nothing may be done. */
function forbidden(input: DecideInput): string[] {
  const { diagnosis, evidence, policy, ceiling, history, target, incidentId, approvedPlanHash } = input;
  const { action, cause } = diagnosis;
  const minutes = (at: string) => (Date.parse(NOW) - Date.parse(at)) / 60_000;
  const mine = (history ?? []).filter((one) => one.service === "shop" && one.cluster === "production");
  const own = (history ?? []).filter((one) => incidentId !== undefined && one.incidentId === incidentId);
  const others = new Set(
    (history ?? [])
      .filter((one) => minutes(one.at) < 10 && !(one.service === "shop" && one.cluster === "production"))
      .map((one) => `${one.cluster} ${one.service}`),
  );
  const service = factsOf(evidence, "service")[0]?.data;
  const deployments = factsOf(evidence, "deployment").map((fact) => fact.data);
  const recent = deployments.some(
    ({ secondsBeforeOnset: seconds }) => seconds !== undefined && seconds >= 0 && seconds <= 3600,
  );
  const steady = [
    ...factsOf(evidence, "task-definition-diff").filter((fact) => fact.data.base === "last-steady"),
    ...deployments.filter((one) => one.status === "ACTIVE" && one.rolloutState === "COMPLETED"),
    ...factsOf(evidence, "finished-deployment").filter((fact) => fact.data.status === "SUCCESSFUL"),
  ];
  const ofShop = policy.services[target.service];
  const mode = action === "none" ? "observe" : (ofShop?.modes?.[action] ?? policy.modes[action]);
  const unread = new Set(evidence.gaps.map((one) => one.source));
  const limits = policy.limits;
  const back = action === "rollback";
  const checks: Record<string, boolean> = {
    matrix: !(approvedPlanHash === undefined ? MAY_ACT : MAY_ASK)[action]?.includes(cause),
    "after a deployment only": back && UNTIL_DEPLOYED.includes(cause) && !recent,
    threshold: !(
      (input.secondOpinion?.cause === cause ? agreed(diagnosis.confidence) : diagnosis.confidence) >
      limits.confidenceThreshold
    ),
    "no trusted support": !evidence.facts.some(
      (fact) =>
        diagnosis.evidence.includes(fact.id) && fact.provenance !== "log" && fact.provenance !== "memory",
    ),
    "history unknown": history === undefined,
    "kill switch": policy.killSwitch,
    protected: ofShop?.protected === true,
    "mode observe": mode === "observe" || ceiling === "observe",
    "mode is not auto": mode !== "auto" || ceiling !== "auto",
    freeze: policy.freezes.some(
      ({ from, to, services }) =>
        Date.parse(from) <= Date.parse(NOW) &&
        Date.parse(NOW) < Date.parse(to) &&
        (services === undefined || services.includes("shop")),
    ),
    cooldown: mine.some(
      (one) =>
        minutes(one.at) < limits.cooldownMinutes &&
        (incidentId === undefined || one.incidentId !== incidentId),
    ),
    "second of its kind": own.some((one) => one.action === action),
    "third action": own.length > 1,
    budget: mine.filter((one) => minutes(one.at) < 60).length >= limits.actionsPerHour,
    repeat: mine.some((one) => one.action === action && one.verified === false && minutes(one.at) < 24 * 60),
    "blast radius": others.size >= limits.blastRadiusServices,
    "service not read": service === undefined,
    "service not active": service?.status !== "ACTIVE",
    controller: service?.controller !== "ECS",
    "deployments not read": deployments.length === 0,
    "deployment running": deployments.some(
      (one) => one.inProgress && !(back && one.status === "PRIMARY" && one.arn === DEPLOYMENT_ARN),
    ),
    "rollback running": deployments.some((one) => one.rollingBack),
    "bounds not read": action === "scale" && unread.has("scaling"),
    "health not read": action === "restart" && (unread.has("target-health") || unread.has("target-groups")),
    "nothing to go back to": back && steady.length === 0,
    "no recent deployment": back && !recent,
    "deployments unknown": back && unread.has("deployment-history"),
    "alarm OK": factsOf(evidence, "alarm").some((fact) => !fact.data.other && fact.data.state === "OK"),
  };
  return Object.keys(checks).filter((name) => checks[name]);
}

/** What a source that fails takes with it. */
const SOURCES: Readonly<Record<string, { kinds: readonly FactKind[]; important: boolean }>> = {
  service: { kinds: ["service", "deployment", "service-event"], important: true },
  tasks: { kinds: ["running-task", "stopped-tasks"], important: true },
  metrics: { kinds: ["metric"], important: true },
  "target-health": { kinds: ["target-health"], important: true },
  scaling: { kinds: ["scaling-limits"], important: false },
  changes: { kinds: ["task-definition-diff"], important: false },
  "deployment-history": { kinds: ["finished-deployment"], important: false },
  logs: { kinds: ["log-pattern"], important: false },
};

function withoutSource(evidence: Evidence, source: string): Evidence {
  const lost = SOURCES[source] ?? { kinds: [], important: true };
  return {
    ...evidence,
    facts: evidence.facts.filter((fact) => !lost.kinds.includes(fact.kind)),
    gaps: [...evidence.gaps, gap(source, lost.important)],
  };
}

/** Without an approval no task goes below the floor, but one that serves nothing; a task that comes first has room. */
function expectFloorHeld(plan: RestartPlan, evidence: Evidence, policy: Policy): void {
  const service = factsOf(evidence, "service")[0]?.data;
  const desired = service?.desired ?? 0;
  const floor = Math.ceil((desired * (service?.minimumHealthyPercent ?? 100)) / 100);
  const ill = factsOf(evidence, "target-health").filter(({ data }) => data.state !== "healthy");
  const serving = new Set(
    factsOf(evidence, "running-task")
      .filter(({ data }) => data.lastStatus === "RUNNING" && data.health !== "UNHEALTHY")
      .filter(({ data }) => !ill.some((target) => target.data.taskId === data.taskId))
      .map(({ data }) => data.taskArn),
  );
  const bounds = factsOf(evidence, "scaling-limits")[0]?.data;
  if (plan.surge !== undefined) {
    expect(plan.surge).toEqual({ from: desired, to: desired + 1, keep: floor });
    expect(plan.surge.to).toBeLessThanOrEqual(Math.min(policy.limits.maxTasks, bounds?.max ?? 1e9));
  } else if (plan.tasks.some(({ taskArn }) => serving.has(taskArn))) {
    expect(serving.size - 1).toBeGreaterThanOrEqual(floor);
  }
}

describe("decide, over any evidence, diagnosis, policy and history", () => {
  it("meets cases of every kind, or these properties would say little", () => {
    const seen = { act: 0, ask: 0, decline: 0, restart: 0, scale: 0, rollback: 0 };

    fc.assert(
      fc.property(decisionCase, (input) => {
        const decision = decide(input);
        seen[decision.kind] += 1;
        if (decision.kind === "act" && decision.action !== "none") {
          seen[decision.action] += 1;
        }
      }),
      RUNS,
    );

    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });

  it("never acts outside the policy", () => {
    fc.assert(
      fc.property(decisionCase, (input) => {
        if (decide(input).kind === "act") expect(forbidden(input)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("acts only with a plan whose targets come from the evidence, on trusted support, above the threshold", () => {
    fc.assert(
      fc.property(decisionCase, (input) => {
        const decision = decide(input);
        if (decision.kind !== "act") return;

        const { evidence, diagnosis, policy, target } = input;
        const running = new Set(
          factsOf(evidence, "running-task")
            .filter((fact) => fact.data.lastStatus === "RUNNING")
            .map((fact) => fact.data.taskArn),
        );
        const support = evidence.facts.filter(
          (fact) =>
            diagnosis.evidence.includes(fact.id) &&
            (fact.provenance === "control-plane" || fact.provenance === "metric") &&
            supportsCause(diagnosis.cause, fact),
        );
        expect(decision.target).toEqual(target);
        // What a model's agreement adds carries no act.
        const alone = decision.confidence.raised?.alone ?? decision.confidence.earned;
        expect(alone).toBeGreaterThan(policy.limits.confidenceThreshold);
        expect(alone).toBeLessThanOrEqual(diagnosis.confidence);
        expect(support.length).toBeGreaterThan(0);
        expect(decision.plan.action).toBe(decision.action);
        if (decision.plan.action === "restart") {
          const arns = decision.plan.tasks.map((task) => task.taskArn);
          expect(new Set(arns).size).toBe(arns.length);
          expect(arns.length).toBeLessThanOrEqual(policy.limits.maxRestarts);
          expect(arns.filter((arn) => !running.has(arn))).toEqual([]);
          expectFloorHeld(decision.plan, evidence, policy);
        }
        if (decision.plan.action === "scale") {
          const { from, to } = decision.plan;
          const bounds = factsOf(evidence, "scaling-limits")[0]?.data;
          expect(from).toBe(factsOf(evidence, "service")[0]?.data.desired);
          expect(to).toBeGreaterThan(from);
          expect(to - from).toBeLessThanOrEqual(policy.limits.scaleStep);
          expect(to).toBeLessThanOrEqual(Math.min(policy.limits.maxTasks, bounds?.max ?? 1e9));
        }
        if (decision.plan.action === "rollback") {
          expect(decision.plan.from).toBe(factsOf(evidence, "service")[0]?.data.taskDefinition);
          expect(["shop:5", "shop:6"]).toContain(decision.plan.to);
        }
        expect(
          decision.trail.filter((result) => result.outcome === "refuse" || result.outcome === "ask"),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  it("always gives a valid decision with its reasons", () => {
    fc.assert(
      fc.property(decisionCase, (input) => {
        const decision = decide(input);

        expect(Decision.safeParse(decision).error).toBeUndefined();
        if (decision.kind === "decline") expect(decision.reasons.length).toBeGreaterThan(0);
        if (decision.kind === "ask") expect(decision.why).not.toBe("");
      }),
      RUNS,
    );
  });

  it("is deterministic, and leaves its input alone", () => {
    fc.assert(
      fc.property(decisionCase, (input) => {
        const before = structuredClone(input);

        const first = decide(input);

        expect(decide(structuredClone(input))).toEqual(first);
        expect(input).toEqual(before);
      }),
      RUNS,
    );
  });

  it("allows no more under a lower ceiling", () => {
    fc.assert(
      fc.property(decisionCase, (input) => {
        const [observe, approve, auto] = (["observe", "approve", "auto"] as const).map((ceiling) =>
          rank({ ...input, ceiling }),
        );

        expect(observe).toBeLessThanOrEqual(approve ?? 0);
        expect(approve).toBeLessThanOrEqual(auto ?? 0);
        expect(approve).toBeLessThan(RANK.act);
      }),
      RUNS,
    );
  });

  it("allows no more when the kill switch goes on, the service is protected or a freeze begins", () => {
    fc.assert(
      fc.property(decisionCase, (input) => {
        const { policy } = input;
        const stricter = [
          { ...policy, killSwitch: true },
          { ...policy, services: { ...policy.services, shop: { protected: true } } },
          { ...policy, freezes: [{ from: "2026-11-23T06:00:00Z", to: "2026-11-23T08:00:00Z" }] },
        ];

        for (const one of stricter) {
          expect(rank({ ...input, policy: one })).toBeLessThan(RANK.act);
        }
      }),
      RUNS,
    );
  });

  it("allows no more when a source could not be read", () => {
    fc.assert(
      fc.property(decisionCase, fc.constantFrom(...Object.keys(SOURCES)), (input, source) => {
        const blind = { ...input, evidence: withoutSource(input.evidence, source) };

        if (decide(blind).kind === "act") expect(decide(input).kind).toBe("act");
      }),
      { numRuns: 6000 },
    );
  });

  it("allows no more when the history is longer, or unknown", () => {
    fc.assert(
      fc.property(decisionCase, fc.nat(5), (input, keep) => {
        const shorter = { ...input, history: input.history?.slice(0, keep) };

        expect(rank(input)).toBeLessThanOrEqual(rank(shorter));
        expect(rank({ ...input, history: undefined })).toBe(RANK.decline);
      }),
      RUNS,
    );
  });

  it("goes from refusal to act by a higher confidence only where confidence was what refused", () => {
    fc.assert(
      fc.property(decisionCase, fc.double({ min: 0, max: 1, noNaN: true }), (input, higher) => {
        const raised = {
          ...input,
          diagnosis: { ...input.diagnosis, confidence: Math.max(input.diagnosis.confidence, higher) },
        };
        const before = decide(input);
        if (before.kind === "act" || decide(raised).kind !== "act") return;

        const refusals = before.trail.filter(
          (result) => result.outcome === "refuse" || result.outcome === "ask",
        );
        // Where a model's agreement alone lifts it above the threshold, a person is asked.
        expect([["confidence-threshold"], ["model-agrees"]]).toContainEqual(
          refusals.map((result) => result.rule),
        );
        expect(forbidden(raised)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("acts on an approval of exactly this change, and on nothing that a person cannot allow", () => {
    let acted = 0;

    fc.assert(
      fc.property(decisionCase, (input) => {
        const before = decide({ ...input, incidentId: "inc-1" });
        if (before.kind !== "ask" || before.plan === undefined) return;

        const approvedPlanHash = planHash("inc-1", input.target, before.plan);
        const approved = { ...input, incidentId: "inc-1", approvedPlanHash };
        expect(decide(approved)).toMatchObject({ kind: "act", plan: before.plan });
        // A person may allow what passes the threshold only since a model agrees.
        const raised = before.confidence.raised === undefined ? [] : ["threshold"];
        const allowed = [...MAY_BE_APPROVED, ...raised];
        expect(forbidden(approved).filter((name) => !allowed.includes(name))).toEqual([]);
        acted += 1;
      }),
      RUNS,
    );

    expect(acted).toBeGreaterThan(50);
  });

  it("never acts on the approval of another change, incident or service, or a part of one", () => {
    const other = fc.oneof(
      fc.constantFrom("", "0".repeat(64), "undefined"),
      fc.string({ maxLength: 64 }),
      fc.nat(63),
      fc.constantFrom("inc-2", "staging", "plan"),
    );

    fc.assert(
      fc.property(decisionCase, other, (input, wrong) => {
        const before = decide({ ...input, incidentId: "inc-1" });
        if (before.kind === "decline" || before.plan === undefined) return;

        const { target } = input;
        const right = planHash("inc-1", target, before.plan);
        const hashes: Record<string, string> = {
          "inc-2": planHash("inc-2", target, before.plan),
          staging: planHash("inc-1", { ...target, cluster: "staging" }, before.plan),
          plan: planHash("inc-1", target, { action: "scale", from: 1, to: 99 }),
        };
        const approvedPlanHash =
          typeof wrong === "number" ? right.slice(0, wrong) : (hashes[wrong] ?? String(wrong));
        expect(decide({ ...input, incidentId: "inc-1", approvedPlanHash }).kind).toBe("decline");
        expect(decide({ ...input, incidentId: undefined, approvedPlanHash: right }).kind).toBe("decline");
      }),
      RUNS,
    );
  });

  it("never makes of a refusal an act by an approval", () => {
    fc.assert(
      fc.property(decisionCase, (input) => {
        const before = decide({ ...input, incidentId: "inc-1" });
        if (before.kind !== "decline" || before.wouldHave === undefined) return;

        const approvedPlanHash = planHash("inc-1", input.target, before.wouldHave.plan);
        expect(decide({ ...input, incidentId: "inc-1", approvedPlanHash }).kind).toBe("decline");
      }),
      RUNS,
    );
  });

  it("acts without a fact only where nothing speaks against it that is still known", () => {
    fc.assert(
      fc.property(decisionCase, fc.nat(16), (input, index) => {
        const facts = input.evidence.facts.filter((_, position) => position !== index);
        const less = { ...input, evidence: { ...input.evidence, facts } };

        if (decide(less).kind === "act") expect(forbidden(less)).toEqual([]);
        for (const kind of ["service", "deployment"]) {
          const unread = facts.filter((fact) => fact.kind !== kind);
          expect(decide({ ...less, evidence: { ...less.evidence, facts: unread } }).kind).toBe("decline");
        }
      }),
      RUNS,
    );
  });

  it("refuses where a rule cannot be evaluated: a time or a limit that is none", () => {
    const SHARED = ["confidenceThreshold", "cooldownMinutes", "actionsPerHour", "blastRadiusServices"];
    const OWN: Record<string, readonly string[]> = {
      restart: ["maxRestarts"],
      scale: ["maxTasks", "scaleStep"],
    };

    fc.assert(
      fc.property(decisionCase, fc.nat(5), fc.constantFrom("shop", "cart"), (input, at, name) => {
        const { policy, history = [] } = input;
        const broken = past({ incidentId: "inc-1", service: name, at: "yesterday" });
        const withBroken = [...history.slice(0, at), broken, ...history.slice(at)];

        expect(decide({ ...input, history: withBroken }).kind).toBe("decline");
        expect(decide({ ...input, now: "now" }).kind).toBe("decline");
        for (const limit of [...SHARED, ...(OWN[input.diagnosis.action] ?? [])]) {
          const limits = { ...policy.limits, [limit]: Number.NaN };
          expect(decide({ ...input, policy: { ...policy, limits } }).kind, limit).toBe("decline");
        }
      }),
      RUNS,
    );
  });

  it("says what it would have done exactly where another mode alone would allow it", () => {
    let seen = 0;

    fc.assert(
      fc.property(decisionCase, (input) => {
        const decision = decide({ ...input, ceiling: "observe" });
        if (decision.kind !== "decline" || decision.wouldHave === undefined) return;

        const modes = { restart: "auto", scale: "auto", rollback: "auto" } as const;
        const services = Object.fromEntries(
          Object.entries(input.policy.services).map(([name, own]) => [name, { ...own, modes }]),
        );
        const free = decide({ ...input, ceiling: "auto", policy: { ...input.policy, modes, services } });
        expect(free).toMatchObject({ plan: decision.wouldHave.plan });
        if (decision.wouldHave.kind === "act") expect(free.kind).toBe("act");
        seen += 1;
      }),
      RUNS,
    );

    expect(seen).toBeGreaterThan(50);
  });

  it("never throws and never acts on a diagnosis of the wrong types", () => {
    const junk = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, undefined, "constructor", "__proto__", "toString", "0.99", 1e308),
    );

    fc.assert(
      fc.property(
        decisionCase,
        fc.record({ cause: junk, action: junk, confidence: junk }, { requiredKeys: ["confidence"] }),
        (input, wrong) => {
          const valid =
            typeof wrong.confidence === "number" && wrong.confidence >= 0 && wrong.confidence <= 1;
          const decision = decide({
            ...input,
            diagnosis: { ...input.diagnosis, ...(wrong as Partial<DecideInput["diagnosis"]>) },
          });

          if (!valid || "action" in wrong || "cause" in wrong) expect(decision.kind).not.toBe("act");
        },
      ),
      RUNS,
    );
  });
});
