/** The rules: every detector runs, findings compete by confidence, and the others are ruled out with a reason. */
import { type Action, CAUSES, type Cause } from "../../domain/cause.ts";
import type { Diagnosis, RuledOut } from "../../domain/diagnosis.ts";
import { type Evidence, factsOf } from "../../domain/evidence.ts";
import { clock } from "../../evidence/times.ts";
import { proposeAction } from "../../remediation/judge-remedy.ts";
import { autoscalerAlarm } from "./autoscaler-alarm-detector.ts";
import {
  connectionLeak,
  connectionsShared,
  dependencyDetectors,
  diskFull,
  ingressBlocked,
} from "./dependency-detectors.ts";
import type { Detector, Finding } from "./detector.ts";
import { viewOf } from "./evidence-view.ts";
import { healthCheckMisconfigured, hungTask } from "./health-detectors.ts";
import { cpuSaturation, retryStorm, trafficSpike } from "./load-detectors.ts";
import { memoryLeak, memoryLimitTooLow, oomKill } from "./memory-detectors.ts";
import { noFault } from "./no-fault-detector.ts";
import {
  badDeploy,
  capacityUnavailable,
  deployInProgress,
  desiredCountZero,
  imagePullFailure,
  startRefused,
  startUnreachable,
  startupMisconfiguration,
} from "./revision-detectors.ts";
import { trafficLoss } from "./traffic-loss-detector.ts";

export const DETECTORS: readonly Detector[] = [
  imagePullFailure,
  startRefused,
  startUnreachable,
  startupMisconfiguration,
  memoryLimitTooLow,
  oomKill,
  memoryLeak,
  badDeploy,
  desiredCountZero,
  capacityUnavailable,
  healthCheckMisconfigured,
  hungTask,
  trafficSpike,
  retryStorm,
  cpuSaturation,
  ...dependencyDetectors,
  ingressBlocked,
  connectionLeak,
  connectionsShared,
  diskFull,
  trafficLoss,
  deployInProgress,
  autoscalerAlarm,
  noFault,
];

/** Below this confidence a finding is a suspicion, and the verdict is `unknown`. */
const VERDICT_CONFIDENCE = 0.5;

/** Two findings closer than this, with different remedies, lower the confidence. */
const CLOSE_CALL = 0.08;
const CLOSE_CALL_COST = 0.15;

interface Candidate extends Finding {
  readonly cause: Cause;
  /** What the table of remedies proposes for it here. */
  readonly action: Action;
}

/** Diagnoses evidence without a model. Pure; never throws on valid evidence. */
export function diagnoseWithRules(evidence: Evidence): Diagnosis {
  const view = viewOf(evidence);
  const candidates: Candidate[] = [];
  const ruledOut: RuledOut[] = [];
  for (const detector of DETECTORS) {
    const detection = detector.detect(view);
    if (typeof detection === "string") ruledOut.push({ cause: detector.cause, why: detection });
    else if (detection !== undefined) {
      const { cause } = detector;
      candidates.push(asTried({ ...detection, cause, action: proposeAction(cause, evidence) }, evidence));
    }
  }
  const ranked = candidates.toSorted((a, b) => b.confidence - a.confidence);
  const [best, second] = ranked;
  if (best === undefined || best.confidence < VERDICT_CONFIDENCE)
    return inconclusive(evidence, ranked, ruledOut);
  const close =
    second !== undefined && best.confidence - second.confidence < CLOSE_CALL && second.action !== best.action;
  const confidence = Math.max(0, best.confidence - (close ? CLOSE_CALL_COST : 0));
  const losers = ranked.slice(1).map(({ cause, confidence: weaker, rootCause }) => ({
    cause,
    why: `Less likely (${weaker.toFixed(2)} against ${best.confidence.toFixed(2)}): ${rootCause}`,
  }));
  return {
    cause: best.cause,
    rootCause: best.rootCause,
    action: best.action,
    confidence: Number(confidence.toFixed(2)),
    severity: best.severity ?? "P2",
    rca: analysis(evidence, best, close ? second : undefined),
    evidence: idsOf(best.supports),
    against: idsOf(best.against ?? []),
    ruledOut: [...losers, ...ruledOut],
    missing: [...(best.missing ?? [])],
    nextSteps: [...best.nextSteps],
    by: "rules",
  };
}

/** What did not help in this incident is no more than a guess: another cause with any ground comes before it. */
const TRIED_CONFIDENCE = 0.5;

/** Lowers a finding whose action was made for this cause in this incident, and did not help. */
function asTried(candidate: Candidate, evidence: Evidence): Candidate {
  const failed = factsOf(evidence, "past-incident").filter(
    ({ data }) =>
      data.own === true &&
      data.cause === candidate.cause &&
      data.action === candidate.action &&
      (data.outcome === "unchanged" || data.outcome === "worse"),
  );
  if (failed.length === 0) return candidate;
  const confidence = Math.min(candidate.confidence, TRIED_CONFIDENCE);
  return { ...candidate, confidence, against: [...(candidate.against ?? []), ...failed] };
}

/** Returns the analysis: what happened, the supporting facts, and the doubts. */
function analysis(evidence: Evidence, best: Candidate, rival: Candidate | undefined): string {
  const facts = best.supports.flatMap((fact) =>
    fact === undefined ? [] : [`${fact.id}: ${fact.statement}`],
  );
  const doubts = (best.against ?? []).flatMap((fact) =>
    fact === undefined ? [] : [`${fact.id}: ${fact.statement}`],
  );
  return [
    `${CAUSES[best.cause].replace(/^./, (first) => first.toUpperCase())}; first seen at ${clock(evidence.onset)}.`,
    `It rests on ${[...new Set(facts)].slice(0, 4).join(" ")}`,
    doubts.length > 0 ? `Against it speaks ${doubts.slice(0, 2).join(" ")}` : "",
    rival === undefined ? "" : `${rival.cause} is nearly as likely.`,
    best.nextSteps[0] === undefined ? "" : `To prevent it: ${best.nextSteps[0]}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function inconclusive(evidence: Evidence, ranked: readonly Candidate[], ruledOut: RuledOut[]): Diagnosis {
  const suspicions = ranked.map(({ cause, confidence, rootCause }) => ({
    cause,
    why: `Too weak (${confidence.toFixed(2)}): ${rootCause}`,
  }));
  const unread = evidence.gaps.filter((gap) => gap.important).map((gap) => `${gap.source}: ${gap.message}`);
  const why =
    unread.length > 0
      ? ` What could not be read: ${unread.map((one) => one.replace(/\.$/, "")).join("; ")}.`
      : "";
  return {
    cause: "unknown",
    rootCause: `Inconclusive: ${CAUSES.unknown}.${why}`,
    action: "none",
    confidence: 0,
    severity: "P2",
    rca: `No detector found enough in ${evidence.facts.length} facts.${why}`,
    evidence: [],
    against: [],
    ruledOut: [...suspicions, ...ruledOut],
    missing: unread,
    nextSteps: ["Read the evidence below; the closest suspicions are listed as ruled out."],
    by: "rules",
  };
}

function idsOf(facts: Finding["supports"]): string[] {
  return [...new Set(facts.flatMap((fact) => fact?.id ?? []))];
}
