import { afterEach, describe, expect, it } from "vitest";
import { actingPolicy } from "../../test/samples/acting-policy.ts";
import { past } from "../../test/samples/facts.ts";
import { approvedIncident, DECIDED_AT, judgedIncident } from "../../test/samples/judged-incident.ts";
import {
  completion,
  goodAnswer,
  httpError,
  type ModelServer,
  type ScriptedAnswer,
  startModelServer,
} from "../../test/support/model-server.ts";
import { createOpenRouterClient } from "../adapters/openrouter/client.ts";
import type { Decision } from "../domain/decision.ts";
import type { CaseAction } from "../domain/incident/case-file.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import { type Replay, type ReplayDependencies, replay, replayCaseOf } from "./replay.ts";

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const BY_RULES: ReplayDependencies = { diagnoser: "rules", policy: actingPolicy({}), ceiling: "auto" };

function again(
  incident: Incident,
  deps: Partial<ReplayDependencies> = {},
  history: readonly CaseAction[] = [],
): Promise<Replay> {
  const given = replayCaseOf(incident, history);
  if (given === undefined) throw new Error("nothing to replay");
  return replay(given, { ...BY_RULES, ...deps });
}

async function modelThat(...script: readonly ScriptedAnswer[]): Promise<Partial<ReplayDependencies>> {
  server = await startModelServer(...script);
  const { url } = server;
  const model = () =>
    createOpenRouterClient({
      apiKey: "sk-test-0123456789",
      baseURL: url,
      models: ["test/model-1"],
    });
  return { diagnoser: "model", model };
}

const minutesBefore = (minutes: number) => new Date(Date.parse(DECIDED_AT) - minutes * 60_000).toISOString();

describe("a replay", () => {
  it("comes to the same decision under the same policy", async () => {
    const { outcome, rounds } = await again(judgedIncident());

    expect(outcome).toBe("same");
    expect(rounds).toHaveLength(1);
    expect(rounds[0]).toMatchObject({
      same: true,
      rules: [],
      before: { decision: "ask", action: "rollback" },
    });
    expect(rounds[0]?.now).toEqual(rounds[0]?.before);
  });

  it("names the rules that another policy makes judge otherwise", async () => {
    const policy = actingPolicy({ modes: { rollback: "auto" }, killSwitch: true });

    const { outcome, rounds } = await again(judgedIncident(), { policy });

    expect(outcome).toBe("different");
    expect(rounds[0]?.now.decision).toBe("decline");
    expect(rounds[0]?.rules).toEqual([
      { rule: "kill-switch", before: "pass", now: "refuse", reason: "The kill switch is on." },
      { rule: "mode", before: "ask", now: "pass", reason: "rollback is on auto." },
    ]);
  });

  it("tells what mode observe would have done", async () => {
    const policy = actingPolicy({ modes: { rollback: "observe" } });

    const { outcome, rounds } = await again(judgedIncident(), { policy });

    expect(outcome).toBe("different");
    expect(rounds[0]?.now).toMatchObject({
      decision: "decline",
      wouldHave: "ask",
      plan: { action: "rollback" },
    });
  });

  it("judges as of then: freezes of that time count", async () => {
    const freeze = (from: number, to: number) => ({ from: minutesBefore(from), to: minutesBefore(to) });
    const policyWith = (window: ReturnType<typeof freeze>) => actingPolicy({ freezes: [window] });

    const inside = await again(judgedIncident(), { policy: policyWith(freeze(10, -10)) });
    const outside = await again(judgedIncident(), { policy: policyWith(freeze(10, 5)) });

    expect(inside.rounds[0]?.rules).toMatchObject([{ rule: "freeze-window", now: "refuse" }]);
    expect(outside.outcome).toBe("same");
  });

  it("sees the actions that came before, and not those that came after", async () => {
    const target = judgedIncident().target ?? { cluster: "", service: "" };
    const earlier = past({ ...target, incidentId: "inc-other", at: minutesBefore(5) });
    const later = past({ ...target, incidentId: "inc-other", at: minutesBefore(-1) });

    const after = await again(judgedIncident(), {}, [earlier]);
    const before = await again(judgedIncident(), {}, [later]);

    expect(after.rounds[0]?.rules).toMatchObject([{ rule: "cooldown", now: "refuse" }]);
    expect(before.outcome).toBe("same");
  });

  it("compares with the question where a person was asked, not with what followed the answer", async () => {
    const { outcome, rounds } = await again(approvedIncident());

    expect(outcome).toBe("same");
    expect(rounds[0]).toMatchObject({ before: { decision: "ask" }, now: { decision: "ask" }, rules: [] });
  });

  it("does not miss the rule about the approval, which a replay has none of", async () => {
    const approved = approvedIncident();
    const reason = "The service runs another revision by now.";
    const trail = approved.decision?.trail.map((result) =>
      result.rule === "approved-plan" ? { ...result, outcome: "refuse" as const, reason } : result,
    );
    const {
      plan: _plan,
      target: _target,
      ...decision
    } = approved.decision as Extract<Decision, { kind: "act" }>;
    const voided = { ...approved, decision: { ...decision, kind: "decline", trail, reasons: [reason] } };

    const { outcome, rounds } = await again(voided as Incident);

    expect(outcome).toBe("same");
    expect(rounds[0]?.rules).toEqual([]);
  });

  it("finds nothing done the same as nothing done, whatever was thought of", async () => {
    const policy = actingPolicy({ killSwitch: true });
    const incident = judgedIncident({}, policy);
    const other = { cause: "dependency-down", action: "none" } as const;
    const diagnosis = { ...incident.diagnosis, ...other } as Incident["diagnosis"];

    const { outcome, rounds } = await again({ ...incident, diagnosis }, { diagnoser: "as-stored", policy });

    expect(rounds[0]).toMatchObject({
      before: { decision: "decline", action: "rollback" },
      now: { decision: "decline", action: "none" },
    });
    expect(outcome).toBe("same");
  });

  it("finds another plan another decision", async () => {
    const incident = approvedIncident();
    const plan = incident.approval?.plan;
    if (incident.approval === undefined || plan?.action !== "rollback") throw new Error("no rollback");

    const { outcome } = await again({
      ...incident,
      approval: { ...incident.approval, plan: { ...plan, to: "other:1" } },
    });

    expect(outcome).toBe("different");
  });

  it("has nothing of an incident that was never looked into", () => {
    const { evidence: _evidence, ...incident } = judgedIncident();

    expect(replayCaseOf(incident, [])).toBeUndefined();
  });
});

describe("a further look", () => {
  const first = judgedIncident();
  const further = { evidence: first.evidence, diagnosis: first.diagnosis, decision: first.decision };
  const twice = { ...first, further } as Incident;

  it("is judged again with the first action known", async () => {
    const target = first.target ?? { cluster: "", service: "" };
    const own = past({
      ...target,
      incidentId: first.id,
      action: "rollback",
      at: DECIDED_AT,
      verified: false,
    });

    const { rounds } = await again(twice, {}, [own]);

    expect(rounds).toHaveLength(1);
    expect(rounds[0]?.rules.map(({ rule }) => rule)).toContain("one-further-action");
  });

  it("is judged after a first one that came out the same", async () => {
    const { outcome, rounds } = await again(twice);

    expect(outcome).toBe("same");
    expect(rounds).toHaveLength(2);
  });

  it("is left out where the first would have been decided otherwise", async () => {
    const { outcome, rounds } = await again(twice, { policy: actingPolicy({ killSwitch: true }) });

    expect(outcome).toBe("different");
    expect(rounds).toHaveLength(1);
  });
});

describe("with a model", () => {
  it("diagnoses again, with the model as a witness, and tells what it cost", async () => {
    const policy = actingPolicy({ modes: { rollback: "auto" } });
    const deps = await modelThat(completion(goodAnswer({ cause: "no-fault", action: "none" })));

    const { outcome, rounds, usage } = await again(judgedIncident({}, policy), { ...deps, policy });

    expect(outcome).toBe("different");
    expect(rounds[0]).toMatchObject({
      before: { cause: "bad-deploy", decision: "act", action: "rollback" },
      now: { cause: "bad-deploy", decision: "ask", action: "rollback" },
      rules: [{ rule: "model-doubts", now: "ask" }],
    });
    expect(usage.now).toMatchObject({ model: "test/model-1", inputTokens: 1000, costUsd: 0.0042 });
  });

  it("fails by name when the model does", async () => {
    const deps = await modelThat(httpError(402, "no credit"));

    const { outcome, failure, rounds } = await again(judgedIncident(), deps);

    expect(outcome).toBe("failed");
    expect(failure?.code).toBe("model-out-of-credit");
    expect(rounds).toEqual([]);
  });

  it("fails without a key", async () => {
    const { outcome, failure } = await again(judgedIncident(), { diagnoser: "model" });

    expect(outcome).toBe("failed");
    expect(failure?.code).toBe("model-not-configured");
  });

  it("keeps a model's word when only the policy is new, and asks nobody", async () => {
    const { model } = await modelThat(completion(goodAnswer()));
    const incident = judgedIncident();
    const diagnosis = { ...incident.diagnosis, by: "model", confidence: 0.7 } as Incident["diagnosis"];

    const { rounds } = await again({ ...incident, diagnosis } as Incident, { diagnoser: "as-stored", model });

    expect(rounds[0]?.now).toMatchObject({ stated: 0.7, decision: "decline" });
    expect(server?.requests).toHaveLength(0);
  });

  it("decides where a model had failed before", async () => {
    const { diagnosis, decision: _decision, ...incident } = judgedIncident();
    const failed = { ...incident, secondOpinion: diagnosis } as Incident;

    const byRules = await again(failed);
    const stored = await again(failed, { diagnoser: "as-stored" });

    expect(byRules).toMatchObject({ outcome: "different", rounds: [{ before: { decision: "none" } }] });
    expect(stored).toMatchObject({ outcome: "same", rounds: [{ now: { decision: "none" } }] });
  });
});

describe("the dependencies of a replay", () => {
  it("have no place for what acts, stores or tells: checked by the compiler", () => {
    const whole = {} as WorkflowDependencies;

    // @ts-expect-error The workflow's dependencies have an actuator and a store.
    const given: ReplayDependencies = whole;
    // @ts-expect-error An actuator by itself.
    const acting: ReplayDependencies = { ...BY_RULES, actuator: whole.actuator };
    // @ts-expect-error A store by itself.
    const storing: ReplayDependencies = { ...BY_RULES, store: whole.store };

    expect([given, acting, storing]).toHaveLength(3);
  });
});
