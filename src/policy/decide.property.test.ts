import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionCase } from "../../test/samples/arbitrary-case.ts";
import { gap, NOW } from "../../test/samples/facts.ts";
import { Decision } from "../domain/decision.ts";
import { type Evidence, type FactKind, factsOf } from "../domain/evidence.ts";
import { type DecideInput, decide } from "./decide.ts";
import { supportsCause } from "./support.ts";

const RUNS = { numRuns: 3000 };
const RANK = { decline: 0, ask: 1, act: 2 };
const rank = (input: DecideInput) => RANK[decide(input).kind];

/** The cells of the design's table in which code may act at all. */
const MAY_ACT: Readonly<Record<string, readonly string[]>> = {
  restart: ["oom-kill", "memory-leak", "connection-leak", "hung-task", "disk-full", "cpu-saturation"],
  scale: ["traffic-spike"],
};

/** Every reason, found without the code under test, for which nothing may be done. */
function forbidden(input: DecideInput): string[] {
  const { diagnosis, evidence, policy, ceiling, history, target } = input;
  const { action, cause } = diagnosis;
  const minutes = (at: string) => (Date.parse(NOW) - Date.parse(at)) / 60_000;
  const mine = (history ?? []).filter((one) => one.service === "shop" && one.cluster === "production");
  const others = new Set(
    (history ?? [])
      .filter((one) => minutes(one.at) < 10 && !(one.service === "shop" && one.cluster === "production"))
      .map((one) => `${one.cluster} ${one.service}`),
  );
  const service = factsOf(evidence, "service")[0]?.data;
  const own = policy.services[target.service];
  const mode = action === "none" ? "observe" : (own?.modes?.[action] ?? policy.modes[action]);
  const unread = new Set(evidence.gaps.map((one) => one.source));
  const limits = policy.limits;
  const checks: Record<string, boolean> = {
    matrix: !MAY_ACT[action]?.includes(cause),
    threshold: !(diagnosis.confidence > limits.confidenceThreshold),
    "no trusted support": !evidence.facts.some(
      (fact) =>
        diagnosis.evidence.includes(fact.id) && fact.provenance !== "log" && fact.provenance !== "memory",
    ),
    "history unknown": history === undefined,
    "kill switch": policy.killSwitch,
    protected: own?.protected === true,
    mode: mode !== "auto" || ceiling !== "auto",
    freeze: policy.freezes.some(
      ({ from, to, services }) =>
        Date.parse(from) <= Date.parse(NOW) &&
        Date.parse(NOW) < Date.parse(to) &&
        (services === undefined || services.includes("shop")),
    ),
    cooldown: mine.some((one) => minutes(one.at) < limits.cooldownMinutes),
    budget: mine.filter((one) => minutes(one.at) < 60).length >= limits.actionsPerHour,
    repeat: mine.some((one) => one.action === action && one.verified === false && minutes(one.at) < 24 * 60),
    "blast radius": others.size >= limits.blastRadiusServices,
    "service not read": service === undefined,
    "service not active": service?.status !== "ACTIVE",
    controller: service?.controller !== "ECS",
    "deployments not read": factsOf(evidence, "deployment").length === 0,
    "deployment running": factsOf(evidence, "deployment").some((fact) => fact.data.inProgress),
    "bounds not read": action === "scale" && unread.has("scaling"),
    "health not read": action === "restart" && (unread.has("target-health") || unread.has("target-groups")),
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

describe("decide, over any evidence, diagnosis, policy and history", () => {
  it("meets cases of every kind, or these properties would say little", () => {
    const seen = { act: 0, ask: 0, decline: 0, restart: 0, scale: 0 };

    fc.assert(
      fc.property(decisionCase, (input) => {
        const decision = decide(input);
        seen[decision.kind] += 1;
        if (decision.kind === "act" && decision.action !== "rollback" && decision.action !== "none") {
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
        expect(decision.confidence.earned).toBeGreaterThan(policy.limits.confidenceThreshold);
        expect(decision.confidence.earned).toBeLessThanOrEqual(diagnosis.confidence);
        expect(support.length).toBeGreaterThan(0);
        expect(decision.plan.action).toBe(decision.action);
        if (decision.plan.action === "restart") {
          const arns = decision.plan.tasks.map((task) => task.taskArn);
          expect(new Set(arns).size).toBe(arns.length);
          expect(arns.length).toBeLessThanOrEqual(policy.limits.maxRestarts);
          expect(arns.filter((arn) => !running.has(arn))).toEqual([]);
        }
        if (decision.plan.action === "scale") {
          const { from, to } = decision.plan;
          const bounds = factsOf(evidence, "scaling-limits")[0]?.data;
          expect(from).toBe(factsOf(evidence, "service")[0]?.data.desired);
          expect(to).toBeGreaterThan(from);
          expect(to - from).toBeLessThanOrEqual(policy.limits.scaleStep);
          expect(to).toBeLessThanOrEqual(Math.min(policy.limits.maxTasks, bounds?.max ?? 1e9));
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
        expect(refusals.map((result) => result.rule)).toEqual(["confidence-threshold"]);
        expect(forbidden(raised)).toEqual([]);
      }),
      RUNS,
    );
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
