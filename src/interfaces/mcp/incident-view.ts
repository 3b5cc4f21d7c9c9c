/** An incident without its evidence, with the texts of strangers set apart. Pure. */
import type { Decision } from "../../domain/decision.ts";
import type { Diagnosis } from "../../domain/diagnosis.ts";
import { factsOf } from "../../domain/evidence.ts";
import type { ActionResult, AskedApproval, Incident, Verification } from "../../domain/incident/incident.ts";
import { summaryOf } from "../../domain/incident/incident-summary.ts";

/** Status is what may be claimed: resolved only where recovery was proven. */
export function incidentView(incident: Incident): Record<string, unknown> {
  const { evidence, diagnosis, secondOpinion, modelFailure, decision, approval, further, verification } =
    incident;
  const summary = summaryOf(incident);
  return {
    id: incident.id,
    status: summary.status,
    phase: incident.progress && {
      name: incident.progress.phase,
      since: incident.progress.since,
      untrusted: { detail: incident.progress.detail },
    },
    severity: incident.severity,
    opened_at: incident.openedAt,
    closed_at: incident.closedAt,
    untrusted: { cluster: summary.cluster, service: summary.service, summary: incident.summary },
    alert: alertView(incident),
    evidence: evidence && {
      onset: evidence.onset,
      facts: evidence.facts.length,
      gaps: evidence.gaps.length,
      last_lines: evidence.lastLines.length,
      read_with: "get_evidence",
    },
    diagnosis: diagnosis && diagnosisView(diagnosis),
    second_opinion: secondOpinion && diagnosisView(secondOpinion),
    model_failure: modelFailure && {
      code: modelFailure.code,
      remedy: modelFailure.remedy,
      untrusted: { message: modelFailure.message },
    },
    decision: decision && decisionView(decision),
    approval: approval && approvalView(approval, incident.status === "open"),
    actions: incident.actions.map(actionView),
    verification: verification && verificationView(verification),
    second_look: further && {
      evidence_read_with: "get_evidence with look: second",
      diagnosis: further.diagnosis && diagnosisView(further.diagnosis),
      decision: further.decision && decisionView(further.decision),
      approval: further.approval && approvalView(further.approval, incident.status === "open"),
    },
    give_back: incident.giveBack,
    recurrence: incident.recurrence,
    joined_alerts: incident.joined?.length,
    joined_to: incident.joinedTo,
    refire_of: incident.refireOf,
    failures: incident.failures.map(({ code, stage, message, remedy }) => ({
      code,
      stage,
      remedy,
      untrusted: { message },
    })),
    undelivered: undeliveredView(incident.undelivered),
    model_usage: incident.model,
    timeline_steps: incident.timeline.length,
  };
}

/** What people were not told yet. */
export function undeliveredView(undelivered: Incident["undelivered"]) {
  return undelivered?.map(({ channel, what, since, toldBy, reason }) => ({
    channel,
    what,
    since,
    told_by: toldBy,
    untrusted: { reason },
  }));
}

function alertView({ alert, evidence }: Incident): Record<string, unknown> {
  const inAws = evidence && factsOf(evidence, "alarm").find(({ data }) => data.other !== true)?.data;
  const { source, state, firedAt, title, targetProblem, reported, alarm } = alert;
  return {
    source,
    state,
    fired_at: firedAt,
    state_in_aws: inAws?.state,
    threshold_in_aws: inAws?.definition?.threshold,
    comparison_in_aws: inAws?.definition?.comparison,
    untrusted: {
      title,
      threshold: alarm?.threshold ?? reported?.threshold,
      comparison: alarm?.comparison,
      alarm: alarm?.name,
      description: alarm?.description,
      reason: alarm?.reason,
      metric: alarm?.metric ?? reported?.metric,
      value: reported?.value,
      target_problem: targetProblem,
    },
  };
}

function diagnosisView(diagnosis: Diagnosis): Record<string, unknown> {
  const { cause, action, confidence, by, evidence, against, rootCause, rca, ruledOut } = diagnosis;
  return {
    cause,
    proposed_action: action,
    stated_confidence: confidence,
    by,
    facts_for: evidence,
    facts_against: against,
    considered: diagnosis.ranked?.map((one) => ({
      cause: one.cause,
      posterior: one.posterior,
      facts_for: one.for,
      facts_against: one.against,
      what_would_tell: one.wouldTell,
    })),
    untrusted: {
      root_cause: rootCause,
      analysis: rca,
      ruled_out: ruledOut,
      missing: diagnosis.missing,
      next_steps: diagnosis.nextSteps,
    },
  };
}

function decisionView(decision: Decision): Record<string, unknown> {
  const { kind, cause, action, confidence, trail } = decision;
  return {
    kind,
    cause,
    action,
    stated_confidence: confidence.stated,
    earned_confidence: confidence.earned,
    lowered: confidence.lowered.map(({ rule, to, reason }) => ({ rule, to, untrusted: { reason } })),
    plan: decision.kind === "decline" ? undefined : decision.plan && { untrusted: decision.plan },
    would_have: decision.kind === "decline" ? decision.wouldHave?.kind : undefined,
    trail: trail.map(({ rule, outcome, reason }) => ({ rule, outcome, untrusted: { reason } })),
  };
}

/** Without its id and its way back into the workflow: an answer is given with `opsagent approve`, by a person. */
function approvalView(asked: AskedApproval, open: boolean): Record<string, unknown> {
  const { requestedAt, deadline, plan, why, answer } = asked;
  return {
    requested_at: requestedAt,
    deadline,
    waits: open && answer === undefined,
    verdict: answer?.verdict,
    answered_at: answer?.at,
    untrusted: { why, plan, by: answer?.by, note: answer?.note },
  };
}

function actionView(result: ActionResult): Record<string, unknown> {
  const { action, target, outcome, before, after, steps, undo, undone, verification } = result;
  return {
    action,
    outcome,
    steps: steps.map(({ outcome: became, startedAt, endedAt, what, detail }) => ({
      outcome: became,
      started_at: startedAt,
      ended_at: endedAt,
      untrusted: { what, detail },
    })),
    taken_back: undone?.map(({ outcome: became, what, detail }) => ({
      outcome: became,
      untrusted: { what, detail },
    })),
    verification: verification && verificationView(verification),
    untrusted: { target, before, after, undo },
  };
}

function verificationView(verification: Verification): Record<string, unknown> {
  const { outcome, reason, checks, looks, heldLooks, metricBefore, metricAfter } = verification;
  return {
    outcome,
    looks,
    held_looks: heldLooks,
    metric_before: metricBefore,
    metric_after: metricAfter,
    ended_at: verification.endedAt,
    checks: checks.map(({ condition, met, detail }) => ({ condition, met, untrusted: { detail } })),
    untrusted: { reason },
  };
}
