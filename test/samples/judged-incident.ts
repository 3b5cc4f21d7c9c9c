import { diagnoseBySigns } from "../../src/diagnosis/diagnose-by-signs.ts";
import type { AskedApproval, Incident } from "../../src/domain/incident/incident.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { decide } from "../../src/remediation/decide.ts";
import { actingPolicy } from "./acting-policy.ts";
import { namedIncident } from "./named-incident.ts";

/** When {@link judgedIncident} was decided on. */
export const DECIDED_AT = "2026-11-23T07:00:02.000Z";

/** A bad deployment as the rules and a policy judge it: under the default one a rollback is asked for. */
export function judgedIncident(given: Partial<Incident> = {}, policy: Policy = actingPolicy()): Incident {
  const { approval: _approval, secondOpinion: _second, ...incident } = namedIncident();
  const { evidence, target, id } = { ...incident, ...given };
  if (evidence === undefined || target === undefined) throw new Error("nothing to judge");
  const diagnosis = diagnoseBySigns(evidence);
  const decision = decide({
    diagnosis,
    evidence,
    target,
    policy,
    ceiling: "auto",
    history: [],
    now: DECIDED_AT,
    incidentId: id,
  });
  const timeline = [{ at: DECIDED_AT, sinceMs: 2000, event: "decided", detail: decision.kind }];
  return { ...incident, diagnosis, decision, timeline, ...given };
}

/** The same after a person's yes: the stored decision is the second one. */
export function approvedIncident(): Incident {
  const asked = judgedIncident();
  if (asked.decision?.kind !== "ask" || asked.decision.plan === undefined)
    throw new Error("nothing is asked");
  const { why: _why, ...rest } = asked.decision;
  const approved = { rule: "approved-plan", outcome: "pass", reason: "A person approved it." } as const;
  const approval: AskedApproval = {
    id: "5b2c1f0a-6f0f-4a53-9d55-2f2a4be6a001",
    requestedAt: DECIDED_AT,
    deadline: "2026-11-23T07:30:02.000Z",
    planHash: "0".repeat(64),
    plan: asked.decision.plan,
    answer: { verdict: "approved", at: "2026-11-23T07:03:00.000Z", by: { channel: "cli", id: "ann" } },
  };
  return {
    ...asked,
    approval,
    decision: { ...rest, kind: "act", plan: asked.decision.plan, trail: [...rest.trail, approved] },
  };
}
