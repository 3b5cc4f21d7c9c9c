/** Diagnoses and decisions under pseudonyms. */
import type { Decision, Plan } from "../../domain/decision.ts";
import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { CaseAction, CaseRound } from "../../domain/incident/case-file.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Target } from "../../domain/target.ts";
import { type Anonymiser, defined, maybe, reference } from "./anonymiser.ts";
import { caseNamespace } from "./case-dimensions.ts";
import { caseEvidence } from "./facts.ts";

/** Returns one round and its verdicts under pseudonyms. */
export function caseRound(round: CaseRound, anonymiser: Anonymiser, keepLogs: boolean): CaseRound {
  const { decidedAt, asked, modelFailure } = round;
  const evidence = caseEvidence(round.evidence, anonymiser, keepLogs);
  return {
    decidedAt,
    evidence,
    ...defined({
      diagnosis: maybe(round.diagnosis, (diagnosis) => caseDiagnosis(diagnosis, anonymiser)),
      secondOpinion: maybe(round.secondOpinion, (diagnosis) => caseDiagnosis(diagnosis, anonymiser)),
      modelFailure,
      decision: maybe(round.decision, (decision) => caseDecision(decision, anonymiser)),
      asked: maybe(asked, ({ plan, answer }) => ({
        ...defined({ plan: maybe(plan, (one) => casePlan(one, anonymiser)), answer }),
      })),
    }),
  };
}

function caseDiagnosis(diagnosis: Diagnosis, { texts: { text } }: Anonymiser): Diagnosis {
  const { cause, action, confidence, severity, evidence, against, by } = diagnosis;
  return {
    cause,
    rootCause: text(diagnosis.rootCause),
    action,
    confidence,
    severity,
    rca: text(diagnosis.rca),
    evidence,
    against,
    ruledOut: diagnosis.ruledOut.map((one) => ({ cause: one.cause, why: text(one.why) })),
    missing: diagnosis.missing.map(text),
    nextSteps: diagnosis.nextSteps.map(text),
    by,
  };
}

function caseDecision(decision: Decision, anonymiser: Anonymiser): Decision {
  const { text } = anonymiser.texts;
  const { confidence, cause } = decision;
  const common = {
    cause,
    confidence: {
      stated: confidence.stated,
      earned: confidence.earned,
      lowered: confidence.lowered.map(({ rule, to, reason }) => ({ rule, to, reason: text(reason) })),
      ...defined({
        raised: maybe(confidence.raised, (raised) => ({ ...raised, reason: text(raised.reason) })),
      }),
    },
    trail: decision.trail.map(({ rule, outcome, reason }) => ({ rule, outcome, reason: text(reason) })),
    action: decision.action,
  };
  switch (decision.kind) {
    case "act":
      return {
        ...common,
        kind: "act",
        target: caseTarget(decision.target, anonymiser),
        plan: casePlan(decision.plan, anonymiser),
      };
    case "ask":
      return {
        ...common,
        kind: "ask",
        target: caseTarget(decision.target, anonymiser),
        ...defined({ plan: maybe(decision.plan, (plan) => casePlan(plan, anonymiser)) }),
        why: text(decision.why),
      };
    case "decline":
      return {
        ...common,
        kind: "decline",
        reasons: decision.reasons.map(text),
        ...defined({
          wouldHave: maybe(decision.wouldHave, ({ kind, target, plan }) => ({
            kind,
            target: caseTarget(target, anonymiser),
            plan: casePlan(plan, anonymiser),
          })),
        }),
      };
  }
}

function casePlan(plan: Plan, anonymiser: Anonymiser): Plan {
  switch (plan.action) {
    case "restart":
      return {
        action: "restart",
        tasks: plan.tasks.map(({ taskArn, taskId, why }) => ({
          taskArn: reference(taskArn, "task", anonymiser),
          taskId: anonymiser.names.of("task", taskId),
          why: anonymiser.texts.text(why),
        })),
        ...defined({ surge: plan.surge }),
      };
    case "scale":
      return { action: "scale", from: plan.from, to: plan.to };
    case "rollback":
      return {
        action: "rollback",
        from: reference(plan.from, "definition", anonymiser),
        to: reference(plan.to, "definition", anonymiser),
        how: plan.how,
        ...defined({ deploymentArn: maybe(plan.deploymentArn, anonymiser.texts.arn) }),
      };
  }
}

export function caseTarget({ cluster, service }: Target, { names }: Anonymiser): Target {
  return { service: names.of("service", service), cluster: names.of("cluster", cluster) };
}

/** Returns an earlier action under pseudonyms. */
export function caseAction(past: CaseAction, anonymiser: Anonymiser): CaseAction {
  const { text } = anonymiser.texts;
  return {
    incidentId: anonymiser.names.of("incident", past.incidentId),
    ...caseTarget(past, anonymiser),
    action: text(past.action),
    cause: text(past.cause),
    at: past.at,
    ...defined({ verified: past.verified }),
  };
}

/** Returns the policy without people, reasons and names of alarms: the parts that rules use. */
export function casePolicy(policy: Policy, anonymiser: Anonymiser): Policy {
  const { names } = anonymiser;
  const { approvals, freezes, services } = policy;
  const people = (ids: readonly string[]) => ids.map((id) => names.of("person", id));
  const service = (name: string) => names.of("service", name);
  return {
    ...policy,
    approvals: {
      deadlineMinutes: approvals.deadlineMinutes,
      slackUsers: people(approvals.slackUsers),
      httpClients: people(approvals.httpClients),
      ...defined({ cliUsers: maybe(approvals.cliUsers, people) }),
    },
    freezes: freezes.map(({ from, to, timeZone, services: only }) => ({
      from,
      to,
      ...defined({ timeZone, services: maybe(only, (list) => list.map(service)) }),
    })),
    trustedNamespaces: policy.trustedNamespaces.map((name) => caseNamespace(name, anonymiser)),
    alarms: [],
    alertLabels: { cluster: [], service: [] },
    services: Object.fromEntries(Object.entries(services).map(([name, own]) => [service(name), own])),
  };
}
