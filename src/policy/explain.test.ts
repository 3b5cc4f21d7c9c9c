import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionCase } from "../../test/samples/arbitrary-case.ts";
import { ago, decideInput, NOW, past, policyOf, TARGET } from "../../test/samples/facts.ts";
import { factsFor } from "../../test/samples/remedy-cases.ts";
import type { ActionRecord } from "../domain/action-record.ts";
import { CAUSES, type Cause } from "../domain/cause.ts";
import { Mode, type Policy } from "../domain/policy.ts";
import { decide } from "../remediation/decide.ts";
import { type ExplainInput, explainPolicy } from "./explain.ts";
import { ACTIONS } from "./modes-wanted.ts";

const causes = Object.keys(CAUSES) as Cause[];

const explain = (given: Partial<ExplainInput> = {}) =>
  explainPolicy({
    policy: policyOf(),
    ceiling: "auto",
    target: TARGET,
    at: NOW,
    history: { state: "known", actions: [] },
    ...given,
  });

interface Case {
  readonly policy: Policy;
  readonly ceiling: Mode;
  readonly history: readonly ActionRecord[] | undefined;
}

/** What `decide` does about this cause with that action where every condition of the table holds. */
function reallyDecided(cause: Cause, action: (typeof ACTIONS)[number], { policy, ceiling, history }: Case) {
  const facts = factsFor(cause, action);
  const decision = decide(
    decideInput({
      facts,
      policy,
      ceiling,
      history,
      diagnosis: { cause, action, evidence: facts.map((_, index) => `E${index + 1}`), by: "rules" },
    }),
  );
  const saying = (outcome: string) =>
    decision.trail.filter((result) => result.outcome === outcome).map(({ rule }) => rule);
  const verdict = { act: "acts", ask: "asks", decline: "refuses" }[decision.kind];
  return { verdict, refusing: saying("refuse"), asking: saying("ask") };
}

function expectAgreement(given: Case): Set<string> {
  const { policy, ceiling, history } = given;
  const state =
    history === undefined
      ? ({ state: "unreadable", why: "the disk is gone" } as const)
      : ({ state: "known", actions: history } as const);
  const seen = new Set<string>();
  for (const cell of explain({ policy, ceiling, history: state }).causes) {
    const real = reallyDecided(cell.cause, cell.action, given);
    const where = `${cell.action} for ${cell.cause}`;
    expect(`${where} ${cell.verdict}`).toBe(`${where} ${real.verdict}`);
    if (cell.verdict === "refuses") expect(real.refusing, where).toContain(cell.rule);
    if (cell.verdict === "asks") expect(real.asking[0], where).toBe(cell.rule);
    if (cell.verdict === "acts") expect(cell.rule, where).toBeUndefined();
    seen.add(cell.verdict);
  }
  return seen;
}

describe("an explained policy", () => {
  it.each(Mode.options.flatMap((mode) => Mode.options.map((ceiling) => ({ mode, ceiling }))))(
    "agrees with what is decided, for every cause and action, in mode $mode under $ceiling",
    ({ mode, ceiling }) => {
      const policy = policyOf({ modes: { restart: mode, scale: mode, rollback: mode } });

      const seen = expectAgreement({ policy, ceiling, history: [] });

      const most = { observe: 1, approve: 2, auto: 3 };
      expect(seen.size).toBe(Math.min(most[mode], most[ceiling]));
    },
  );

  it("agrees with what is decided, whatever the policy and the history", () => {
    fc.assert(
      fc.property(decisionCase, ({ policy, ceiling, history }) => {
        // Limits that depend on the evidence are left to it by the explanation.
        const roomy = { ...policy.limits, confidenceThreshold: 0.5, maxTasks: 30 };

        expectAgreement({ policy: { ...policy, limits: roomy }, ceiling, history });
      }),
      { numRuns: 150 },
    );
  });

  it("has a line for every cause and action, or for one cause only", () => {
    expect(explain().causes).toHaveLength(causes.length * ACTIONS.length);
    expect(explain({ cause: "oom-kill" }).causes.map(({ cause, action }) => `${cause} ${action}`)).toEqual([
      "oom-kill restart",
      "oom-kill scale",
      "oom-kill rollback",
    ]);
  });

  it.each([
    ["the policy", {}, "auto", "auto", "modes.restart"],
    [
      "the service",
      { services: { shop: { modes: { restart: "approve" } } } },
      "auto",
      "approve",
      "services.shop.modes.restart",
    ],
    ["the ceiling", {}, "observe", "observe", "OPSAGENT_MODE=observe, below modes.restart: auto"],
    [
      "the policy, below the ceiling",
      { modes: { restart: "observe" } },
      "approve",
      "observe",
      "modes.restart",
    ],
  ] as const)("says that %s sets a mode", (_, keys, ceiling, mode, setBy) => {
    const [restart] = explain({ policy: policyOf(keys), ceiling }).actions;

    expect(restart).toMatchObject({ action: "restart", mode, setBy });
  });

  it("takes the policy's mode for what a service does not say", () => {
    const policy = policyOf({
      modes: { restart: "observe" },
      services: { shop: { modes: { scale: "approve" } } },
    });

    expect(explain({ policy }).actions).toMatchObject([
      { action: "restart", mode: "observe", setBy: "modes.restart" },
      { action: "scale", mode: "approve", setBy: "services.shop.modes.scale" },
      { action: "rollback", mode: "approve", setBy: "modes.rollback" },
    ]);
  });

  it("tells the freeze in force from the next one for this service", () => {
    const freeze = (from: string, to: string, services?: string[]) => ({
      from,
      to,
      ...(services ? { services } : {}),
    });
    const policy = policyOf({
      freezes: [
        freeze("2026-12-20T00:00:00Z", "2026-12-21T00:00:00Z"),
        freeze("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", ["cart"]),
        freeze("2026-12-01T00:00:00+01:00", "2026-12-02T00:00:00Z", ["shop"]),
        freeze("2026-11-23T00:00:00Z", "2026-11-23T08:00:00Z"),
      ],
    });

    const { rules, nextFreeze } = explain({ policy });

    expect(rules).toContainEqual(expect.objectContaining({ rule: "freeze-window", outcome: "refuse" }));
    expect(nextFreeze?.from).toBe("2026-12-01T00:00:00+01:00");
  });

  it("tells what was done last on this service of this cluster", () => {
    const actions = [
      past({ at: ago(300), incidentId: "inc-new", verified: false }),
      past({ at: ago(9000) }),
      past({ at: ago(10), service: "cart" }),
      past({ at: ago(5), cluster: "staging" }),
    ];

    const { history, rules } = explain({ history: { state: "known", actions } });

    expect(history).toContain("inc-new");
    expect(history).toContain("did not help");
    expect(rules).toContainEqual(expect.objectContaining({ rule: "cooldown", outcome: "refuse" }));
  });

  it("claims nothing about past actions without a store, and refuses with one that cannot be read", () => {
    const none = explain({ history: { state: "none" } });
    const broken = explain({ history: { state: "unreadable", why: "locked" } });

    expect(none.history).toContain("not known");
    expect(JSON.stringify(none.rules)).not.toMatch(/cooldown|budget|blast/);
    expect(none.causes.some(({ verdict }) => verdict === "acts")).toBe(true);
    expect(broken.history).toContain("locked");
    expect(broken.causes.every(({ verdict }) => verdict === "refuses")).toBe(true);
  });

  it.each(["constructor", "__proto__", "toString"])("is not misled by a service named %s", (name) => {
    const { actions } = explain({ target: { ...TARGET, service: name } });

    expect(actions.map(({ setBy }) => setBy)).toEqual(["modes.restart", "modes.scale", "modes.rollback"]);
  });
});
