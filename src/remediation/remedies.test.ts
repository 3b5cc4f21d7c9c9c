import { describe, expect, it } from "vitest";
import { type Draft, decideInput, packOf, policyOf } from "../../test/samples/facts.ts";
import { factsFor, REMEDY_CASES } from "../../test/samples/remedy-cases.ts";
import { CAUSES, type Cause } from "../domain/cause.ts";
import { decide } from "./decide.ts";
import { judgeRemedy, proposeAction } from "./judge-remedy.ts";
import { isOutsideFault, REMEDIES, remedyFor } from "./remedies.ts";

/**
 * The design's table, written down once more by hand: restart, scale, rollback. `+` where its conditions hold, `?` a
 * person decides, `-` refused. A rollback is by approval unless the policy says otherwise.
 */
const TABLE: Readonly<Record<Cause, string>> = {
  "oom-kill": "+ - +",
  "memory-leak": "+ - +",
  "connection-leak": "+ - +",
  "hung-task": "+ - +",
  "disk-full": "+ - +",
  "traffic-spike": "- + -",
  "traffic-loss": "- - -",
  "cpu-saturation": "+ ? +",
  "bad-deploy": "- - +",
  "crash-loop": "- - +",
  "memory-limit-too-low": "- - +",
  "image-pull-failure": "- - +",
  "startup-misconfiguration": "- - +",
  "health-check-misconfigured": "- - +",
  "dependency-down": "- - +",
  "dependency-throttled": "- - +",
  "retry-storm": "- - +",
  "network-failure": "- - +",
  "permission-denied": "- - +",
  "certificate-expired": "- - +",
  "capacity-unavailable": "- - +",
  "desired-count-zero": "- ? -",
  "deploy-in-progress": "- - -",
  "no-fault": "- - -",
  unknown: "- - -",
};

const ACTIONS = ["restart", "scale", "rollback"] as const;
type Acting = (typeof ACTIONS)[number];

const cells = Object.entries(TABLE).flatMap(([cause, row]) =>
  row.split(" ").map((cell, index) => ({
    cause: cause as Cause,
    action: ACTIONS[index] ?? "restart",
    cell,
  })),
);

/** Everything that the policy can allow is allowed. */
const AUTO = policyOf({ modes: { restart: "auto", scale: "auto", rollback: "auto" } });

function decided(cause: Cause, action: Acting, facts: readonly Draft[]) {
  const evidence = facts.map((_, index) => `E${index + 1}`);
  return decide(decideInput({ facts, policy: AUTO, diagnosis: { cause, action, evidence, confidence: 1 } }));
}

describe("the table of remedies", () => {
  it("has a row for every cause", () => {
    expect(Object.keys(REMEDIES).toSorted()).toEqual(Object.keys(CAUSES).toSorted());
    expect(Object.keys(TABLE).toSorted()).toEqual(Object.keys(CAUSES).toSorted());
  });

  it.each(cells)("$cause: $action is $cell", ({ cause, action, cell }) => {
    const found = remedyFor(cause, action);

    expect(found?.at).toBe({ "+": "most", "?": "ask", "-": undefined }[cell]);
    if (cell === "-") expect(decided(cause, action, factsFor(cause, action)).kind).toBe("decline");
  });

  it("has a case for each of its cells, and only for these", () => {
    const allowed = cells.filter(({ cell }) => cell !== "-").map(({ cause, action }) => `${action} ${cause}`);

    expect(REMEDY_CASES.map(({ cause, action }) => `${action} ${cause}`).toSorted()).toEqual(
      allowed.toSorted(),
    );
  });

  it("refuses an action or a cause that is none", () => {
    expect(remedyFor("toString" as Cause, "restart")).toBeUndefined();
    expect(remedyFor("oom-kill", "toString" as Acting)).toBeUndefined();
    expect(remedyFor("oom-kill", "none")).toBeUndefined();
  });

  it("knows the causes that lie outside of the service", () => {
    const outside = (Object.keys(CAUSES) as Cause[]).filter(isOutsideFault);

    expect(outside.toSorted()).toEqual(
      [
        "capacity-unavailable",
        "certificate-expired",
        "dependency-down",
        "dependency-throttled",
        "deploy-in-progress",
        "network-failure",
        "no-fault",
        "permission-denied",
        "retry-storm",
        "traffic-loss",
        "unknown",
      ].toSorted(),
    );
  });
});

describe.each(REMEDY_CASES)("$action for $cause", ({ cause, action, facts }) => {
  it("is done, or asked, where every condition holds", () => {
    const asks = remedyFor(cause, action)?.at === "ask";

    expect(decided(cause, action, facts)).toMatchObject({ kind: asks ? "ask" : "act" });
  });

  it("is proposed, unless it is for others to want", () => {
    expect(proposeAction(cause, packOf(facts)) === action).toBe(remedyFor(cause, action)?.proposed);
  });

  it("is not done where a stranger wrote what its conditions rest on", () => {
    const { only } = remedyFor(cause, action) ?? { only: [] };
    const written = facts.map((fact): Draft => ({ ...fact, provenance: "log" }) as Draft);

    if (only.length > 0) expect(judgeRemedy(cause, action, packOf(written)).outcome).not.toBe("pass");
    expect(decided(cause, action, written).kind).toBe("decline");
  });

  it("is not done without the facts of any one of its conditions", () => {
    const { only } = remedyFor(cause, action) ?? { only: [] };
    for (const condition of only) {
      const whole = packOf(facts);
      const holding = whole.facts.filter((fact) => {
        const without = { ...whole, facts: whole.facts.filter((one) => one.kind !== fact.kind) };
        return condition.read(without, cause).is !== "yes";
      });

      expect(holding, condition.name).not.toEqual([]);
      for (const { kind } of holding) {
        const left = facts.filter((fact) => fact.kind !== kind);
        expect(judgeRemedy(cause, action, packOf(left)).outcome, condition.name).not.toBe("pass");
        expect(decided(cause, action, left).kind, condition.name).not.toBe("act");
      }
    }
  });
});
