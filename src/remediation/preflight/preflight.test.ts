import { describe, expect, it } from "vitest";
import {
  type Draft,
  deployment,
  event,
  gap,
  limits,
  packOf,
  past,
  policyOf,
  service,
  steady,
  TARGET,
  task,
} from "../../../test/samples/facts.ts";
import type { Gap } from "../../domain/evidence.ts";
import { preflight, type RemedyOutlook } from "./preflight.ts";

const AUTO = { modes: { restart: "auto", scale: "auto", rollback: "approve" } };

/** Three tasks of different ages, nothing wrong. */
const WELL: readonly Draft[] = [
  service({ minimumHealthyPercent: 50 }),
  deployment(),
  task("a", { startedAt: "2026-11-20T07:00:00.000Z" }),
  task("b", { startedAt: "2026-11-21T07:00:00.000Z" }),
  task("c", { startedAt: "2026-11-22T07:00:00.000Z" }),
  steady("task-memory", 40, { taskId: "a" }),
  steady("task-memory", 40, { taskId: "b" }),
  steady("task-memory", 41, { taskId: "c" }),
  limits(1, 10),
  steady("errors-5xx", 0, { unit: "responses" }),
];

interface Given {
  readonly facts?: readonly Draft[];
  readonly gaps?: readonly Gap[];
  readonly policy?: unknown;
  readonly ceiling?: "observe" | "approve" | "auto";
  readonly history?: Parameters<typeof preflight>[0]["history"];
}

function judge({ facts = WELL, gaps = [], policy = AUTO, ceiling = "auto", ...rest }: Given = {}) {
  const history = "history" in rest ? rest.history : [];
  const outlook = preflight({
    evidence: packOf(facts, gaps),
    policy: policyOf(policy),
    ceiling,
    target: TARGET,
    history,
  });
  const of = (cause: RemedyOutlook["cause"]) => {
    const found = outlook.find((one) => one.cause === cause);
    if (found === undefined) throw new Error(`no outlook for ${cause}`);
    return found;
  };
  return {
    leak: of("memory-leak"),
    hung: of("hung-task"),
    spike: of("traffic-spike"),
    bad: of("bad-deploy"),
  };
}

describe("preflight", () => {
  it("acts where the service and the policy have room, and names the oldest task as the sick one", () => {
    const { leak, hung, spike } = judge();

    expect(leak).toMatchObject({ verdict: "acts", plan: { tasks: [{ taskId: "a" }] }, rules: [] });
    expect(hung).toMatchObject({ verdict: "acts", plan: { tasks: [{ taskId: "a" }] } });
    expect(spike).toMatchObject({ verdict: "acts", plan: { from: 3, to: 5 } });
  });

  it("refuses in observe, and names the setting and the ceiling to change", () => {
    const { leak, spike } = judge({ policy: { modes: { restart: "observe" } }, ceiling: "approve" });

    expect(leak).toMatchObject({ verdict: "refuses", rules: [{ rule: "mode" }] });
    expect(leak.change).toEqual([expect.stringContaining("`modes.restart` and OPSAGENT_MODE (now approve)")]);
    expect(spike).toMatchObject({ verdict: "asks", rules: [{ rule: "mode" }] });
  });

  it("refuses to scale at autoscaling's maximum, and says to raise it", () => {
    const facts = WELL.map((fact) => (fact.kind === "scaling-limits" ? limits(1, 3) : fact));

    const { spike } = judge({ facts });

    expect(spike).toMatchObject({ verdict: "refuses", rules: [{ rule: "plan" }] });
    expect(spike.change).toEqual([expect.stringContaining("autoscaling's maximum")]);
  });

  it("asks where a source cannot be read, and repeats the remedy of the gap", () => {
    const { leak } = judge({
      gaps: [{ ...gap("logs"), important: false, remedy: "Allow logs:FilterLogEvents." }],
    });

    expect(leak).toMatchObject({ verdict: "asks", rules: [{ rule: "evidence-complete" }] });
    expect(leak.change).toEqual(["logs: Allow logs:FilterLogEvents."]);
  });

  it("does nothing while a deployment runs", () => {
    const facts = WELL.map((fact) => (fact.kind === "deployment" ? deployment({ inProgress: true }) : fact));

    const { leak, hung, spike } = judge({ facts });

    for (const one of [leak, hung, spike]) {
      expect(one).toMatchObject({ verdict: "refuses", rules: [{ rule: "no-deployment-running" }] });
    }
  });

  it("refuses within the cooldown of another action, and where the record cannot be read", () => {
    const recent = past({ at: packOf([]).observedAt });

    const cooling = judge({ history: [recent] });
    const unread = judge({ history: undefined });

    expect(cooling.spike.rules).toContainEqual(expect.objectContaining({ rule: "cooldown" }));
    expect(unread.spike).toMatchObject({ verdict: "refuses", rules: [{ rule: "history" }] });
  });

  it("cannot judge a restart where no task runs", () => {
    const facts = WELL.filter(({ kind }) => kind !== "running-task");

    const { leak, hung, spike } = judge({ facts });

    expect([leak.verdict, hung.verdict, spike.verdict]).toEqual(["impossible", "impossible", "acts"]);
  });

  it("refuses a rollback where nothing shows which revision ran before, and asks where it does", () => {
    const before: Draft = {
      kind: "finished-deployment",
      provenance: "control-plane",
      statement: "an earlier deployment",
      data: {
        id: "d1",
        status: "SUCCESSFUL",
        taskDefinition: "shop:6",
        failedTasks: 0,
        circuitBreakerTriggered: false,
      },
    };

    const never = judge();
    const once = judge({ facts: [...WELL, before] });

    expect(never.bad).toMatchObject({ verdict: "refuses", rules: [{ rule: "plan" }] });
    expect(once.bad).toMatchObject({ verdict: "asks", plan: { from: "shop:7", to: "shop:6" } });
  });

  it("changes nothing of the evidence that it was given", () => {
    const facts = [...WELL, event("unhealthy")];
    const evidence = packOf(facts);

    preflight({ evidence, policy: policyOf(AUTO), ceiling: "auto", target: TARGET, history: [] });

    expect(evidence).toEqual(packOf(facts));
  });
});
