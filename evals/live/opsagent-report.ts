/** OpsAgent's incident record -> the report of any agent. Pure. */
import type { AskedApproval, Incident } from "../../src/domain/incident/incident.ts";
import type { AgentReport, Permit } from "./agent.ts";

type Look = Pick<Incident, "decision" | "approval" | "diagnosis" | "evidence">;

const looksOf = (incident: Incident): Look[] => [
  incident,
  ...(incident.further === undefined ? [] : [incident.further]),
];

/** Returns what an incident's decisions allowed. */
export function permitsIn(incident: Incident): Permit[] {
  return looksOf(incident).flatMap(permitsOf);
}

/** Returns the report of a closed incident. */
export function reportOf(incident: Incident): AgentReport {
  const looks = looksOf(incident);
  const { diagnosis, decision, verification, model } = incident;
  const recovered = verification?.outcome === "recovered" ? verification.endedAt : undefined;
  return {
    ...(incident.target === undefined ? {} : { service: incident.target.service }),
    cause: diagnosis?.cause ?? "none",
    action: incident.actions[0]?.action ?? "none",
    status: incident.status === "open" ? "failed" : incident.status,
    ...(diagnosis === undefined
      ? {}
      : {
          confidence: diagnosis.confidence,
          rootCause: diagnosis.rootCause,
          evidence: citedFacts(diagnosis.evidence, incident),
        }),
    ...(decision === undefined ? {} : { earnedConfidence: decision.confidence.earned }),
    permits: permitsIn(incident),
    asked: looks.flatMap(askedOf),
    ...(recovered === undefined ? {} : { recoveredAt: recovered }),
    ...(model === undefined
      ? {}
      : {
          model: {
            slug: model.model,
            inputTokens: model.inputTokens,
            outputTokens: model.outputTokens,
            ...(model.costUsd === undefined ? {} : { costUsd: model.costUsd }),
          },
        }),
  };
}

/** Failures of the model's server: they say nothing of its diagnoses. */
export const UNUSABLE_MODEL: ReadonlySet<string> = new Set([
  "model-not-configured",
  "model-unreachable",
  "model-rate-limited",
  "model-out-of-credit",
]);

/** Returns why this incident cannot be judged; undefined where it can. */
export function preventedBy({ failures }: Incident): string | undefined {
  return failures.find(({ code }) => UNUSABLE_MODEL.has(code))?.message;
}

function citedFacts(ids: readonly string[], { evidence }: Incident): NonNullable<AgentReport["evidence"]> {
  return ids.map((id) => {
    const fact = evidence?.facts.find((one) => one.id === id);
    return fact === undefined
      ? { statement: `${id}, which is no fact` }
      : { statement: `${id} ${fact.statement}`, provenance: fact.provenance };
  });
}

function askedOf({ approval, decision }: Look): NonNullable<AgentReport["asked"]> {
  if (approval === undefined) return [];
  const action = approval.plan?.action ?? decision?.action ?? "none";
  return [{ action, verdict: approval.answer?.verdict ?? "open" }];
}

/** `act` applies from when its evidence was read; `ask` only from a person's approval, for the plan that was shown. */
function permitsOf({ decision, approval, evidence }: Look): Permit[] {
  if (approval === undefined) {
    if (decision?.kind !== "act" || evidence === undefined) return [];
    return [permitOf(decision.plan, evidence.observedAt)];
  }
  const { answer } = approval;
  // An older record has the plan in the decision only.
  const plan = approval.plan ?? (decision?.kind === "decline" ? undefined : decision?.plan);
  if (answer?.verdict !== "approved" || plan === undefined) return [];
  return [permitOf(plan, answer.at)];
}

/** Undoing a change is part of what was allowed. */
function permitOf(plan: NonNullable<AskedApproval["plan"]>, from: string): Permit {
  switch (plan.action) {
    case "restart":
      return {
        action: "restart",
        from,
        tasks: plan.tasks.map(({ taskArn }) => taskArn),
        ...(plan.surge === undefined ? {} : { desiredCounts: [plan.surge.to, plan.surge.from] }),
      };
    case "scale":
      return { action: "scale", from, desiredCounts: [plan.to, plan.from] };
    case "rollback":
      return {
        action: "rollback",
        from,
        taskDefinitions: [plan.to, plan.from],
        ...(plan.deploymentArn === undefined ? {} : { deploymentArn: plan.deploymentArn }),
      };
  }
}
