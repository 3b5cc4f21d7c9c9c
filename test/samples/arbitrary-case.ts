/** Random cases for `decide`: any evidence, diagnosis, policy and history, with likely ones likely. */

import fc from "fast-check";
import type { ActionRecord } from "../../src/domain/action-record.ts";
import type { Pause } from "../../src/domain/brake.ts";
import { Action, CAUSES, type Cause } from "../../src/domain/cause.ts";
import type { Diagnosis } from "../../src/domain/diagnosis.ts";
import type { Gap, StopClass } from "../../src/domain/evidence.ts";
import { Mode, type Policy } from "../../src/domain/policy.ts";
import type { DecideInput } from "../../src/remediation/decide.ts";
import { actingPolicy } from "./acting-policy.ts";
import {
  ago,
  BUSY,
  type Draft,
  decideInput,
  deployment,
  diff,
  event,
  gap,
  limits,
  logs,
  memory,
  metric,
  NOW,
  packOf,
  past,
  SICK,
  service,
  steady,
  stops,
  TARGET,
  task,
  unhealthyTarget,
} from "./facts.ts";
import { alarm, comparison, ended, leaving, PLACED, placed, ROLLING, rolling } from "./rollbacks.ts";

/** A change by autoscaling, `age` seconds ago. */
const scaling = (age: number, status: string): Draft => ({
  kind: "scaling-activity",
  provenance: "control-plane",
  at: ago(age),
  statement: "autoscaling set the desired count",
  data: { description: "Setting desired count", cause: "an alarm", status },
});

const causes = Object.keys(CAUSES) as Cause[];
const level = fc.integer({ min: 0, max: 130 });
const taskId = fc.constantFrom("a", "b", "c", "d");

const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc
    .record({
      status: fc.constantFrom("ACTIVE", "ACTIVE", "DRAINING", "INACTIVE"),
      desired: fc.integer({ min: 0, max: 30 }),
      running: fc.integer({ min: 0, max: 30 }),
      controller: fc.constantFrom("ECS", "ECS", "CODE_DEPLOY", "EXTERNAL"),
      minimumHealthyPercent: fc.constantFrom(0, 50, 100, 200),
      strategy: fc.constantFrom("ROLLING", "ROLLING", "BLUE_GREEN", "CANARY", "SHADOW"),
      bakeMinutes: fc.constantFrom(0, 5, 240),
      circuitBreakerRollback: fc.boolean(),
      schedulingStrategy: fc.constantFrom("REPLICA", "REPLICA", "DAEMON", "PLACED_BY_HAND"),
    })
    .map(service),
  fc
    .record({
      inProgress: fc.boolean(),
      failedTasks: fc.integer({ min: 0, max: 3 }),
      secondsBeforeOnset: fc.integer({ min: -100, max: 5000 }),
    })
    .map(deployment),
  fc
    .tuple(
      taskId,
      fc.constantFrom("RUNNING", "RUNNING", "PENDING"),
      fc.constantFrom("HEALTHY", "UNHEALTHY"),
      level,
    )
    .map(([id, lastStatus, health, age]) => task(id, { lastStatus, health, startedAt: ago(age) })),
  fc
    .constantFrom<StopClass>(
      "out-of-memory",
      "crashed",
      "disk-full",
      "stopped-on-request",
      "image-pull-failed",
    )
    .map((stopClass) => stops(stopClass)),
  fc
    .tuple(
      fc.constantFrom("cpu", "memory", "requests", "errors-5xx", "unhealthy-hosts", "alarm"),
      level,
      fc.boolean(),
      fc.option(level, { nil: undefined }),
    )
    .map(([role, value, raised, threshold]) =>
      (raised ? metric : steady)(role as "cpu", value, threshold === undefined ? {} : { threshold }),
    ),
  fc
    .tuple(fc.constantFrom("task-cpu", "task-memory"), level, taskId)
    .map(([role, value, id]) => metric(role as "task-cpu", value, { taskId: id })),
  fc
    .tuple(fc.option(taskId, { nil: undefined }), fc.constantFrom("unhealthy", "draining", "initial"))
    .map(([id, state]) => unhealthyTarget(id, { state })),
  fc.tuple(fc.nat(5), fc.nat(30)).map(([min, max]) => limits(min, max)),
  fc.constant(diff()),
  fc
    .constantFrom("last-steady", "being-replaced", "revision-before")
    .map((base) => comparison({ base } as object)),
  fc
    .record({
      rollingBack: fc.constantFrom(false, false, false, true),
      historyStatus: fc.constantFrom("IN_PROGRESS", "SUCCESSFUL", "ROLLBACK_IN_PROGRESS"),
      stage: fc.constantFrom("BAKE_TIME", "SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT", "MIRROR_TRAFFIC"),
      circuitBreakerStatus: fc.constantFrom("MONITORING", "TRIGGERED", "DISABLED"),
      secondsBeforeOnset: fc.integer({ min: -100, max: 5000 }),
    })
    .chain((data) => fc.constantFrom(rolling(data), placed(data))),
  fc.record({ inProgress: fc.boolean(), rolloutState: fc.constantFrom("COMPLETED", "FAILED") }).map(leaving),
  fc.constantFrom(ended(), ended({ status: "ROLLBACK_SUCCESSFUL", rolledBackTo: "shop:7" })),
  fc.constantFrom(alarm("OK"), alarm("ALARM"), alarm("OK", { other: true })),
  fc
    .tuple(fc.integer({ min: 0, max: 900 }), fc.constantFrom("Successful", "Failed"))
    .map(([age, status]) => scaling(age, status)),
  fc.constantFrom("service", "threshold").map(
    (field): Draft => ({
      kind: "trigger-difference",
      provenance: "trigger",
      statement: "the message says otherwise",
      data: { field: field as "service", message: "shop", aws: "cart" },
    }),
  ),
  fc.record({ agentConnected: fc.boolean(), taskIds: fc.array(taskId, { maxLength: 2 }) }).map(
    (data): Draft => ({
      kind: "host",
      provenance: "control-plane",
      statement: "a host",
      data: { host: "i-0123", status: "ACTIVE", ...data },
    }),
  ),
  fc.constant(event("unhealthy")),
  fc.constant(logs()),
  fc.constant(memory()),
);

const drafts = fc.oneof(
  fc.array(draft, { maxLength: 14 }),
  fc.constantFrom(SICK, BUSY, PLACED, ROLLING),
  fc
    .tuple(fc.constantFrom(SICK, BUSY, PLACED, ROLLING), fc.array(draft, { maxLength: 3 }))
    .map(([known, extra]) => [...known, ...extra]),
  fc.constantFrom(SICK, BUSY, PLACED, ROLLING),
);

const SOURCES = [
  "service",
  "tasks",
  "metrics",
  "target-health",
  "target-groups",
  "scaling",
  "changes",
  "deployment-history",
  "logs",
  "scaling-activities",
  "alarm",
];
const gaps: fc.Arbitrary<Gap[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Gap[]>([]) },
  fc.array(
    fc.tuple(fc.constantFrom(...SOURCES), fc.boolean()).map(([source, important]) => gap(source, important)),
    { maxLength: 3 },
  ),
);

const confidence = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: 0.7, max: 1, noNaN: true }) },
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0.75, 0.76, 1),
);

const diagnosis: fc.Arbitrary<Partial<Diagnosis>> = fc.oneof(
  fc.record({
    cause: fc.constantFrom(...causes),
    action: fc.constantFrom(...Action.options),
    confidence,
    evidence: fc.array(
      fc.integer({ min: 0, max: 16 }).map((number) => `E${number}`),
      { maxLength: 6 },
    ),
  }),
  fc.record({
    cause: fc.constantFrom("oom-kill", "memory-leak", "hung-task" as const).map((cause) => cause as Cause),
    action: fc.constant("restart" as const),
    confidence,
    evidence: fc.constant<string[]>(["E1", "E7"]),
  }),
  fc.record({
    cause: fc.constant("traffic-spike" as const),
    action: fc.constant("scale" as const),
    confidence,
    evidence: fc.constant<string[]>(["E1"]),
  }),
  fc.record({
    cause: fc.constantFrom("bad-deploy", "startup-misconfiguration" as const).map((cause) => cause as Cause),
    action: fc.constant("rollback" as const),
    confidence,
    evidence: fc.constant<string[]>(["E1"]),
  }),
);

/** Facts with a diagnosis that fits them, so that the guardrails are reached often. */
const fitting = fc
  .tuple(
    fc.constantFrom(
      [SICK, "oom-kill", "restart"] as const,
      [BUSY, "traffic-spike", "scale"] as const,
      [PLACED, "bad-deploy", "rollback"] as const,
      [ROLLING, "bad-deploy", "rollback"] as const,
    ),
    fc.oneof(fc.constant<Draft[]>([]), fc.array(draft, { maxLength: 2 })),
    confidence,
  )
  .map(([[known, cause, action], extra, stated]) => ({
    drafts: [...known, ...extra],
    diagnosis: { cause, action, confidence: stated, evidence: ["E1"] },
  }));

const record: fc.Arbitrary<ActionRecord> = fc
  .record({
    service: fc.constantFrom("shop", "cart", "search", "users", "mail", "pay", "stock"),
    cluster: fc.constantFrom("production", "staging"),
    incidentId: fc.constantFrom("inc-1", "inc-past", "inc-past"),
    action: fc.constantFrom("restart", "scale", "rollback"),
    cause: fc.constantFrom("oom-kill", "traffic-spike", "hung-task"),
    seconds: fc.oneof(fc.integer({ min: -60, max: 7200 }), fc.integer({ min: 0, max: 200_000 })),
    verified: fc.constantFrom(true, true, false, undefined),
  })
  .map(({ seconds, verified, ...given }) => {
    const { verified: _, ...open } = past({ ...given, at: ago(seconds) });
    return verified === undefined ? open : { ...open, verified };
  });

const history = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  fc.array(record, { maxLength: 6 }),
  fc.constant(undefined),
);

const pause: fc.Arbitrary<Pause> = fc
  .record({
    scope: fc.constantFrom<Pause["scope"]>(
      { kind: "all" },
      { kind: "service", service: "shop" },
      { kind: "service", service: "shop", cluster: "staging" },
      { kind: "service", service: "cart" },
    ),
    age: fc.integer({ min: 0, max: 7200 }),
    left: fc.option(fc.integer({ min: -600, max: 600 }), { nil: undefined }),
    by: fc.constantFrom("ann", "bob"),
    why: fc.constantFrom(undefined, "database move"),
  })
  .map(({ scope, age, left, by, why }) => ({
    scope,
    by,
    at: ago(age),
    via: "cli",
    ...(left === undefined ? {} : { until: ago(-left) }),
    ...(why === undefined ? {} : { why }),
  }));

const modes = fc.record({ restart: mode(), scale: mode(), rollback: mode() }, { requiredKeys: [] });

function mode() {
  return fc.constantFrom<Mode>("auto", "auto", "auto", ...Mode.options);
}

export const policy: fc.Arbitrary<Policy> = fc
  .record(
    {
      modes,
      killSwitch: fc.constantFrom(false, false, false, true),
      modelMayHold: fc.boolean(),
      whenModelFails: fc.constantFrom("signs", "ask", "nothing"),
      tolerateGaps: fc.subarray(["logs", "changes", "scaling-activities"]),
      limits: fc.record(
        {
          confidenceThreshold: fc.double({ min: 0, max: 1, noNaN: true }),
          maxTasks: fc.integer({ min: 1, max: 30 }),
          scaleStep: fc.integer({ min: 1, max: 10 }),
          maxRestarts: fc.integer({ min: 1, max: 4 }),
          cooldownMinutes: fc.integer({ min: 0, max: 60 }),
          actionsPerHour: fc.integer({ min: 0, max: 5 }),
          blastRadiusServices: fc.integer({ min: 1, max: 5 }),
        },
        { requiredKeys: [] },
      ),
      freezes: fc.array(
        fc
          .tuple(
            fc.integer({ min: -600, max: 600 }),
            fc.integer({ min: 1, max: 600 }),
            fc.constantFrom(undefined, ["shop"], ["cart"]),
          )
          .map(([start, length, services]) => ({
            from: ago(-start),
            to: ago(-start - length),
            ...(services === undefined ? {} : { services }),
          })),
        { maxLength: 1 },
      ),
      services: fc.dictionary(
        fc.constantFrom("shop", "cart"),
        fc.record({ protected: fc.constantFrom(false, false, true), modes }, { requiredKeys: [] }),
      ),
    },
    { requiredKeys: [] },
  )
  .map((keys) => actingPolicy(keys));

/** What a model may say of a case that the rules judge so. */
export function opinionOn(rules: Diagnosis): fc.Arbitrary<Diagnosis> {
  const likeRules = fc.record({ confidence, action: fc.constantFrom(rules.action, ...Action.options) });
  return fc
    .oneof(
      diagnosis,
      likeRules.map((said) => ({ ...rules, ...said })),
    )
    .map((said) => ({ ...decideInput({ diagnosis: said }).diagnosis, by: "model" }));
}

type AskedModel =
  | { readonly kind: "not-asked" | "failed" | "alone" }
  | { readonly kind: "agrees"; readonly confidence: number }
  | { readonly kind: "says"; readonly diagnosis: Partial<Diagnosis> };

const model: fc.Arbitrary<AskedModel> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<AskedModel>({ kind: "not-asked" }) },
  fc.constantFrom<AskedModel>({ kind: "failed" }, { kind: "alone" }),
  confidence.map((stated): AskedModel => ({ kind: "agrees", confidence: stated })),
  diagnosis.map((other): AskedModel => ({ kind: "says", diagnosis: other })),
);

/** A whole case. About a third of them are acted on when the policy is the default one. */
export const decisionCase: fc.Arbitrary<DecideInput> = fc
  .record({
    said: fc.oneof(fitting, fc.record({ drafts, diagnosis })),
    gaps,
    model,
    policy: fc.oneof(fc.constantFrom(actingPolicy(), actingPolicy({ modes: { rollback: "auto" } })), policy),
    ceiling: mode(),
    history,
    incidentId: fc.constantFrom("inc-1", undefined),
    pauses: fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, fc.array(pause, { maxLength: 2 })),
    policyProblem: fc.constantFrom(...Array(12).fill(undefined), "The policy file cannot be read."),
    evidenceOnly: fc.constant(NOW),
  })
  .map(
    ({ said: { drafts: facts, diagnosis: said }, gaps: missing, model: asked, evidenceOnly, ...given }) => ({
      ...decideInput({ diagnosis: said }),
      ...given,
      target: TARGET,
      now: evidenceOnly,
      evidence: packOf(facts, missing),
      ...opinionsOf(said, asked),
    }),
  );

/** The case's diagnosis is the rules', or the model's where they see no cause. */
function opinionsOf(
  given: Partial<Diagnosis>,
  asked: AskedModel,
): Pick<DecideInput, "diagnosis" | "secondOpinion" | "modelFailure"> {
  const rules = decideInput({ diagnosis: { ...given, by: "rules" } }).diagnosis;
  switch (asked.kind) {
    case "not-asked":
      return { diagnosis: rules };
    case "failed":
      return { diagnosis: rules, modelFailure: { code: "model-unreachable" } };
    case "agrees":
      return { diagnosis: rules, secondOpinion: { ...rules, by: "model", confidence: asked.confidence } };
    case "says": {
      const said = decideInput({ diagnosis: { ...asked.diagnosis, by: "model" } }).diagnosis;
      const leads = rules.cause === "unknown" && said.cause !== "unknown" && said.cause !== "no-fault";
      return leads ? { diagnosis: said, secondOpinion: rules } : { diagnosis: rules, secondOpinion: said };
    }
    case "alone": {
      const none = { cause: "unknown", action: "none", by: "rules" } as const;
      const { cause } = rules;
      if (cause === "unknown" || cause === "no-fault") return { diagnosis: rules };
      return {
        diagnosis: { ...rules, by: "model" },
        secondOpinion: decideInput({ diagnosis: none }).diagnosis,
      };
    }
  }
}
