import { describe, expect, it } from "vitest";
import { type Draft, deployment, gap, packOf, policyOf, service, TARGET } from "../../test/samples/facts.ts";
import {
  alarm,
  comparison,
  DEPLOYMENT_ARN,
  leaving,
  PLACED,
  placed,
  ROLLING,
  rollbackInput,
  rolling,
} from "../../test/samples/rollbacks.ts";
import type { Plan } from "../domain/decision.ts";
import { decide } from "./decide.ts";
import { judgeAll } from "./guardrail.ts";
import { SAFETY_GUARDRAILS } from "./guardrails/safety-guardrails.ts";

const AUTO = policyOf({ modes: { rollback: "auto" } });
const without = (facts: readonly Draft[], kind: Draft["kind"]) =>
  facts.filter((draft) => draft.kind !== kind);

const placing: Plan = { action: "rollback", from: "shop:7", to: "shop:6", how: "update-service" };
const stopping: Plan = { ...placing, how: "stop-deployment", deploymentArn: DEPLOYMENT_ARN };

function judge(name: string, plan: Plan, facts: readonly Draft[]) {
  const [result] = judgeAll(
    SAFETY_GUARDRAILS.filter((rule) => rule.name === name),
    {
      target: TARGET,
      cause: "bad-deploy",
      plan,
      evidence: packOf(facts),
      policy: AUTO,
      ceiling: "auto",
      history: [],
      now: "2026-11-23T07:00:00.000Z",
    },
  );
  return result;
}

describe("a decision about a rollback", () => {
  it("asks a person unless the policy says auto", () => {
    expect(decide(rollbackInput())).toMatchObject({
      kind: "ask",
      why: "rollback needs a person's approval.",
      plan: { action: "rollback", from: "shop:7", to: "shop:6", how: "update-service" },
    });
    expect(decide(rollbackInput({ policy: AUTO }))).toMatchObject({ kind: "act", plan: placing });
    expect(decide(rollbackInput({ policy: AUTO, facts: ROLLING }))).toMatchObject({
      kind: "act",
      plan: stopping,
    });
    expect(decide(rollbackInput({ policy: AUTO, ceiling: "approve" })).kind).toBe("ask");
  });

  it("is declined with the reason where there is nothing known to go back to", () => {
    const decision = decide(rollbackInput({ policy: AUTO, facts: without(PLACED, "task-definition-diff") }));

    expect(decision).toMatchObject({
      kind: "decline",
      reasons: ["Nothing shows which task definition ran steadily before shop:7, so none is chosen."],
    });
  });

  it.each([
    ["the kill switch", { policy: policyOf({ modes: { rollback: "auto" }, killSwitch: true }) }, "decline"],
    ["a gap", { policy: AUTO, gaps: [gap("logs", false)] }, "ask"],
    ["an alarm that could not be read", { policy: AUTO, gaps: [gap("alarm", false)] }, "decline"],
    [
      "another controller",
      {
        policy: AUTO,
        facts: [...without(PLACED, "service"), service({ controller: "CODE_DEPLOY" })],
      },
      "decline",
    ],
  ] as const)("is held back by %s", (_, given, kind) => {
    expect(decide(rollbackInput(given)).kind).toBe(kind);
  });

  it("is a person's where no deployment came shortly before the onset, whatever the policy says", () => {
    const old = (seconds: number) => [
      ...without(PLACED, "deployment"),
      placed({ secondsBeforeOnset: seconds }),
    ];

    expect(decide(rollbackInput({ policy: AUTO, facts: old(3601) }))).toMatchObject({ kind: "ask" });
    expect(decide(rollbackInput({ policy: AUTO, facts: old(3600) }))).toMatchObject({ kind: "act" });
  });
});

describe("rollback-target", () => {
  const target = (plan: Plan, facts: readonly Draft[]) => judge("rollback-target", plan, facts)?.outcome;

  it("passes for the one that ran steadily", () => {
    expect(target(placing, PLACED)).toBe("pass");
  });

  it.each([
    ["another one runs than the plan says", { ...placing, from: "shop:8" }, PLACED],
    ["it runs already", { ...placing, to: "shop:7" }, PLACED],
    ["it is not known to have run steadily", { ...placing, to: "shop:5" }, PLACED],
    ["nothing is known", placing, without(PLACED, "task-definition-diff")],
    [
      "it is deregistered",
      placing,
      [...without(PLACED, "task-definition-diff"), comparison({ fromStatus: "INACTIVE" })],
    ],
    ["the service could not be read", placing, without(PLACED, "service")],
  ] as const)("refuses when %s", (_, plan, facts) => {
    expect(target(plan, facts)).toBe("refuse");
  });
});

describe("no-deployment-running, for a rollback", () => {
  const running = (plan: Plan, ...deployments: Draft[]) =>
    judge("no-deployment-running", plan, [service(), comparison(), ...deployments])?.outcome;

  it("allows exactly the deployment that is to be stopped", () => {
    expect(running(stopping, rolling(), leaving())).toBe("pass");
    expect(running(stopping, rolling(), leaving({ inProgress: true }))).toBe("refuse");
    expect(running(stopping, rolling({ arn: `${DEPLOYMENT_ARN}x` }))).toBe("refuse");
    expect(running(stopping, placed())).toBe("refuse");
    expect(running(stopping)).toBe("refuse");
  });

  it("does not take a deployment without a name for the planned one", () => {
    const { deploymentArn: _, ...unnamed } = { ...stopping, deploymentArn: DEPLOYMENT_ARN };

    expect(running(unnamed, rolling())).toBe("refuse");
    expect(running(unnamed, deployment({ inProgress: true }))).toBe("refuse");
  });

  it("refuses every deployment otherwise", () => {
    expect(running(placing, placed())).toBe("pass");
    expect(running(placing, rolling())).toBe("refuse");
  });

  it("refuses while a rollback runs", () => {
    expect(running(stopping, rolling({ rollingBack: true }))).toBe("refuse");
    expect(running(stopping, rolling({ historyStatus: "ROLLBACK_IN_PROGRESS" }))).toBe("refuse");
    expect(running(stopping, rolling(), leaving({ rolloutState: "FAILED" }))).toBe("refuse");
    expect(running(placing, placed({ rollingBack: true }))).toBe("refuse");
  });
});

describe("still-in-alarm", () => {
  const decideWith = (...alarms: Draft[]) =>
    decide(rollbackInput({ policy: AUTO, facts: [...PLACED, ...alarms] }));

  it("does nothing about an alarm that is OK again", () => {
    expect(decideWith(alarm("OK"))).toMatchObject({
      kind: "decline",
      reasons: ["The alarm is OK again; nothing is left to remediate."],
    });
  });

  it("looks at the alarm that fired only, and at its recovery only", () => {
    expect(decideWith(alarm("ALARM"), alarm("OK", { other: true })).kind).toBe("act");
    expect(decideWith(alarm("INSUFFICIENT_DATA")).kind).toBe("act");
  });
});
