import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  decideInput,
  packOf,
  past,
  policyOf,
  SICK,
  scaleInput,
  TARGET,
} from "../../test/samples/facts.ts";
import { alarm, rollbackInput } from "../../test/samples/rollbacks.ts";
import { planHash } from "../domain/approval.ts";
import type { Decision, Plan } from "../domain/decision.ts";
import { type DecideInput, decide } from "./decide.ts";

const incidentId = "inc-1";

function asked(input: DecideInput): Plan {
  const decision = decide(input);
  if (decision.kind !== "ask" || decision.plan === undefined) throw new Error(`${decision.kind}, not ask`);
  return decision.plan;
}

/** The case with an approval of what would be asked for. */
function approved(input: DecideInput, changes: Partial<DecideInput> = {}): DecideInput {
  const approvedPlan = asked(input);
  const approvedPlanHash = planHash(incidentId, TARGET, approvedPlan);
  return { ...input, incidentId, approvedPlan, approvedPlanHash, ...changes };
}

const ruleOf = (decision: Decision, name: string) => decision.trail.find(({ rule }) => rule === name);
const ASKING = decideInput({ policy: policyOf({ modes: { restart: "approve" } }) });

describe("an approval", () => {
  it("lets exactly the approved change be made", () => {
    expect(decide(approved(rollbackInput()))).toMatchObject({
      kind: "act",
      plan: { action: "rollback", to: "shop:6" },
    });
    expect(decide(approved(ASKING))).toMatchObject({ kind: "act", plan: { action: "restart" } });
    expect(ruleOf(decide(approved(ASKING)), "approved-plan")?.outcome).toBe("pass");
  });

  it("answers every question: the mode's, the budget's, the matrix'", () => {
    const used = [1, 2, 3].map((number) => past({ incidentId: `inc-past-${number}`, at: ago(1800) }));

    expect(decide(approved({ ...ASKING, history: used })).kind).toBe("act");
  });

  it("is void when another change would be made by now, and the reason says which", () => {
    const replaced = SICK.map(
      (draft) => JSON.parse(JSON.stringify(draft).replaceAll(/(["/])a"/g, '$1z"')) as Draft,
    );
    const decision = decide(approved(ASKING, { evidence: packOf(replaced) }));

    expect(decision).toMatchObject({
      kind: "decline",
      reasons: [
        "Approved was to restart a with one task added first (3 to 4), but now it would be to restart z with one task added first (3 to 4), so the approval is void.",
      ],
    });
  });

  it("is void for another incident, without one, and for another or a shortened hash", () => {
    const { approvedPlanHash = "" } = approved(ASKING);
    const kinds = [
      { incidentId: "inc-2" },
      { incidentId: undefined },
      { approvedPlanHash: "" },
      { approvedPlanHash: approvedPlanHash.slice(0, -1) },
      { approvedPlanHash: approvedPlanHash.toUpperCase() },
      { target: { ...TARGET, cluster: "staging" } },
    ].map((changes) => decide(approved(ASKING, changes)).kind);

    expect(new Set(kinds)).toEqual(new Set(["decline"]));
  });

  it("of another change refuses even what needs no approval", () => {
    const decision = decide({ ...decideInput(), incidentId, approvedPlanHash: "0".repeat(64) });

    expect(decision).toMatchObject({
      kind: "decline",
      reasons: [
        "Approved was another change, but now it would be to restart a with one task added first (3 to 4), so the approval is void.",
      ],
    });
  });

  it.each([
    ["the kill switch", { policy: policyOf({ modes: { restart: "approve" }, killSwitch: true }) }],
    ["a protected service", { policy: policyOf({ services: { shop: { protected: true } } }) }],
    ["the ceiling observe", { ceiling: "observe" as const }],
    ["a cooldown", { history: [past({ at: ago(60) })] }],
    ["an unknown history", { history: undefined }],
    ["a low confidence", { diagnosis: { ...ASKING.diagnosis, confidence: 0.75 } }],
    ["a diagnosis that cites nothing", { diagnosis: { ...ASKING.diagnosis, evidence: [] } }],
    ["an action that cures nothing", { diagnosis: { ...ASKING.diagnosis, cause: "bad-deploy" as const } }],
    ["an alarm that is OK again", { evidence: packOf([...SICK, alarm("OK")]) }],
  ])("does not help against %s", (_, changes) => {
    expect(decide(approved(ASKING, changes)).kind).toBe("decline");
  });
});

describe("mode observe", () => {
  const observing = (action: string, wanted = "observe") => policyOf({ modes: { [action]: wanted } });

  it("says what would have been done", () => {
    expect(decide(decideInput({ ceiling: "observe" }))).toMatchObject({
      kind: "decline",
      reasons: ["Mode observe: would have done restart, does nothing."],
      wouldHave: { kind: "act", target: TARGET, plan: { action: "restart", tasks: [{ taskId: "a" }] } },
    });
    expect(decide(decideInput({ policy: observing("restart") }))).toMatchObject({
      wouldHave: { kind: "act" },
    });
  });

  it("says what would have been asked", () => {
    const used = [1, 2, 3].map((number) => past({ incidentId: `inc-past-${number}`, at: ago(1800) }));
    const kindOf = (input: DecideInput) => {
      const decision = decide(input);
      return decision.kind === "decline" ? decision.wouldHave?.kind : undefined;
    };

    expect(kindOf(decideInput({ ceiling: "observe", history: used }))).toBe("ask");
    expect(kindOf(decideInput({ ceiling: "observe", policy: observing("restart", "approve") }))).toBe("ask");
    expect(kindOf(rollbackInput({ ceiling: "observe" }))).toBe("ask");
    expect(kindOf(rollbackInput({ policy: observing("rollback") }))).toBe("ask");
    expect(kindOf(rollbackInput({ ceiling: "observe", policy: observing("rollback", "auto") }))).toBe("act");
  });

  it("claims nothing where another rule refuses as well", () => {
    const decision = decide(decideInput({ ceiling: "observe", history: [past({ at: ago(60) })] }));

    expect(decision).not.toHaveProperty("wouldHave");
  });
});

describe("a further attempt of the same incident", () => {
  const own = (given: Parameters<typeof past>[0] = {}) =>
    past({ incidentId, at: ago(60), action: "scale", cause: "traffic-spike", ...given });
  const decideAfter = (...history: ReturnType<typeof past>[]) => decide(decideInput({ incidentId, history }));

  it("is one, and another action than the first", () => {
    expect(decideAfter(own()).kind).toBe("act");
    expect(decideAfter(own({ verified: false })).kind).toBe("act");
    expect(decideAfter(own({ action: "restart" }))).toMatchObject({
      kind: "decline",
      reasons: ["This incident has tried restart already; only another action may follow."],
    });
    expect(decideAfter(own(), own({ action: "rollback" }))).toMatchObject({
      kind: "decline",
      reasons: ["This incident has acted 2 times; what is left is for people."],
    });
  });

  it("still waits for the cooldown after another incident's action", () => {
    expect(decideAfter(own({ incidentId: "inc-2" })).kind).toBe("decline");
    expect(decide(decideInput({ history: [own()] })).kind).toBe("decline");
  });

  it("counts for the budget", () => {
    const others = [1, 2].map((number) => past({ incidentId: `inc-past-${number}`, at: ago(1800) }));

    expect(decideAfter(own(), ...others).kind).toBe("ask");
    expect(decideAfter(own({ at: ago(3600) }), ...others).kind).toBe("act");
  });
});

describe("what cannot be evaluated", () => {
  const limit = (name: string) => {
    const policy = policyOf();
    return { ...policy, limits: { ...policy.limits, [name]: Number.NaN } };
  };

  it.each(["confidenceThreshold", "maxRestarts", "cooldownMinutes", "actionsPerHour", "blastRadiusServices"])(
    "refuses a restart: the limit %s is no number",
    (name) => {
      expect(decide(decideInput({ policy: limit(name) })).kind).toBe("decline");
    },
  );

  it.each(["maxTasks", "scaleStep"])("refuses to scale: the limit %s is no number", (name) => {
    expect(decide(scaleInput()).kind).toBe("act");
    expect(decide(scaleInput({ policy: limit(name) })).kind).toBe("decline");
  });

  it("refuses on modes and freezes that nobody can read", () => {
    const policy = policyOf();
    const odd = (mode: string) => ({ ...policy, modes: { ...policy.modes, restart: mode as "auto" } });
    const frozen = { ...policy, freezes: [{ from: "soon", to: "later" }] };

    expect(decide(decideInput({ policy: odd("AUTO") })).kind).toBe("decline");
    expect(decide(decideInput({ ceiling: "AUTO" as "auto" })).kind).toBe("decline");
    expect(decide(decideInput({ policy: frozen })).kind).toBe("decline");
  });

  it("never throws: a history of nonsense is declined", () => {
    const nonsense = [null] as unknown as DecideInput["history"];

    expect(decide(decideInput({ history: nonsense }))).toMatchObject({
      kind: "decline",
      trail: [{ rule: "can-be-judged", outcome: "refuse" }],
    });
  });
});
