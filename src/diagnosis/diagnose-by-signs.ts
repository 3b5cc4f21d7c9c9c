/** Evidence -> Diagnosis without a model: every sign is read, every hypothesis weighed on the same signs. */
import { type Action, CAUSES, type Cause } from "../domain/cause.ts";
import type { Diagnosis, RankedCause, RuledOut } from "../domain/diagnosis.ts";
import type { Evidence, Fact } from "../domain/evidence.ts";
import { exitText } from "../domain/exit-code.ts";
import { ecsWordsOf } from "../domain/stop-reasons.ts";
import { ORDINARY_STOPS } from "../evidence/facts/stop-class.ts";
import { clock } from "../evidence/times.ts";
import { proposeAction } from "../remediation/judge-remedy.ts";
import { sayingOf } from "./sayings/index.ts";
import type { EvidenceView } from "./view/evidence-view.ts";
import { type CauseWeight, type Ignorance, triedInVain, type Weighing, weighCauses } from "./weigh-causes.ts";

/** Below this posterior the verdict is `unknown`. */
const VERDICT_POSTERIOR = 0.5;

/** From this degree on the facts of a sign are cited. */
const CITED_DEGREE = 0.5;

/** Causes in the ranking, and the posterior below which none is worth a line. */
const MOST_RANKED = 5;
const LEAST_RANKED = 0.01;

/** Diagnoses by signs. Pure; never throws on valid evidence. */
export function diagnoseBySigns(evidence: Evidence, ignorance: Ignorance = {}): Diagnosis {
  const weighing = weighCauses(evidence, ignorance);
  const [best] = weighing.causes;
  if (best === undefined) return inconclusive(evidence, weighing);
  const action = isOutOfReach(best, weighing) ? "none" : proposeAction(best.cause, evidence);
  const confidence = Math.min(1, best.posterior + kinOf(best, action, weighing));
  if (confidence >= VERDICT_POSTERIOR) return verdict(best, action, confidence, weighing);
  const kill = killForMemory(weighing);
  return kill === undefined
    ? inconclusive(evidence, weighing)
    : verdict(kill.best, "none", kill.confidence, weighing);
}

/** Why a container can go over its limit: the kill is known where which of them it was is not. */
const KILLS: ReadonlySet<Cause> = new Set(["oom-kill", "memory-leak", "memory-limit-too-low"]);

/** Returns the kill itself where ECS says it, and only its reasons share the belief; nothing is done for it. */
function killForMemory({ signs, causes }: Weighing) {
  const said = signs.find(({ id }) => id === "oom-stop")?.reading?.degree ?? 0;
  const best = causes.find(({ cause }) => cause === "oom-kill");
  const together = causes
    .filter(({ cause }) => KILLS.has(cause))
    .reduce((sum, one) => sum + one.posterior, 0);
  if (best === undefined || said < CITED_DEGREE || together < VERDICT_POSTERIOR) return undefined;
  return { best, confidence: Math.min(1, together) };
}

function verdict(best: CauseWeight, action: Action, confidence: number, weighing: Weighing): Diagnosis {
  const { view, causes } = weighing;
  const { evidence } = view;
  const supports = factsFor(best);
  const against = [...factsAgainst(best), ...triedInVain(best.best.hypothesis, evidence)];
  const { rootCause, severity, missing, nextSteps } = sayingOf(best.cause, view);
  return {
    cause: best.cause,
    rootCause,
    action,
    confidence: rounded(confidence),
    severity,
    rca: analysis(evidence, best, supports, against, nextSteps),
    evidence: idsOf(supports),
    against: idsOf(against),
    ruledOut: ruledOut(causes.filter((one) => one !== best)),
    ranked: rankedOf(causes),
    missing: [...missing],
    nextSteps: [...nextSteps],
    by: "rules",
  };
}

/** Whether a sign says that nothing which this service could do would mend it. */
function isOutOfReach({ best: { hypothesis } }: CauseWeight, { signs }: Weighing): boolean {
  const sign = signs.find(({ id }) => id === hypothesis.outOfReach);
  return (sign?.reading?.degree ?? 0) >= CITED_DEGREE;
}

/** Returns the posterior of the causes that are no rivals, since the same change is proposed for them. */
function kinOf(best: CauseWeight, action: Action, { view, causes }: Weighing): number {
  if (action === "none") return 0;
  const kin = best.best.hypothesis.kin ?? [];
  return causes
    .filter((one) => kin.includes(one.cause) && proposeAction(one.cause, view.evidence) === action)
    .reduce((sum, { posterior }) => sum + posterior, 0);
}

function factsFor({ best }: CauseWeight): Fact[] {
  return best.for.flatMap(({ sign: { reading } }) =>
    reading !== undefined && reading.degree >= CITED_DEGREE ? reading.facts : [],
  );
}

/** The facts of what is seen and speaks against it; what is not seen has none. */
function factsAgainst({ best }: CauseWeight): Fact[] {
  return best.against.flatMap(({ sign: { id, reading } }) =>
    reading !== undefined && reading.degree >= CITED_DEGREE && best.hypothesis.expects[id] === undefined
      ? reading.facts
      : [],
  );
}

function rankedOf(causes: readonly CauseWeight[]): RankedCause[] {
  return causes
    .filter(({ posterior }) => posterior >= LEAST_RANKED)
    .slice(0, MOST_RANKED)
    .map((one, index) => {
      const rivals = one.best.hypothesis.rivals ?? [];
      const other = causes[index === 0 ? 1 : 0]?.cause;
      const rival = rivals.find(({ cause }) => cause === other) ?? rivals[0];
      return {
        cause: one.cause,
        posterior: rounded(one.posterior),
        for: idsOf(factsFor(one)),
        against: idsOf(factsAgainst(one)),
        ...(rival === undefined ? {} : { wouldTell: rival.separates }),
      };
    });
}

/** The causes that something speaks for, with what speaks most against each. */
function ruledOut(causes: readonly CauseWeight[]): RuledOut[] {
  return causes
    .filter(({ best }) => best.for.some(({ sign }) => (sign.reading?.degree ?? 0) >= CITED_DEGREE))
    .slice(0, MOST_RANKED)
    .map(({ cause, posterior, best }) => ({
      cause,
      why: `${likelihood(posterior)}: ${whyNot(best)}.`,
    }));
}

function likelihood(posterior: number): string {
  return posterior < LEAST_RANKED ? "Hardly likely (below 0.01)" : `Less likely (${posterior.toFixed(2)})`;
}

function whyNot({ hypothesis, against, for: supports }: CauseWeight["best"]): string {
  const [most] = against;
  if (most === undefined) {
    const [seen] = supports;
    return seen === undefined ? "nothing speaks for it" : `only ${seen.sign.what} speaks for it`;
  }
  const { id, what, reading } = most.sign;
  const told = reading?.facts[0]?.statement.replace(/\.$/, "");
  const shown = told === undefined ? "" : ` (${told})`;
  if (hypothesis.expects[id] === undefined) return `${what} speaks against it${shown}`;
  return reading === undefined ? `whether there is ${what} is not known` : `no sign of ${what}${shown}`;
}

/** Returns the analysis: what happened, the supporting facts, and the doubts. */
function analysis(
  evidence: Evidence,
  best: CauseWeight,
  supports: readonly Fact[],
  against: readonly Fact[],
  nextSteps: readonly string[],
): string {
  const told = (facts: readonly Fact[], most: number) =>
    [...new Set(facts.map(({ id, statement }) => `${id}: ${statement}`))].slice(0, most).join(" ");
  return [
    `${CAUSES[best.cause].replace(/^./, (first) => first.toUpperCase())}; first seen at ${clock(evidence.onset)}.`,
    supports.length > 0 ? `It rests on ${told(supports, 4)}` : "",
    against.length > 0 ? `Against it speaks ${told(against, 2)}` : "",
    nextSteps[0] === undefined ? "" : `To prevent it: ${nextSteps[0]}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function exitOf({ exitCode }: { readonly exitCode?: number | undefined }): string {
  return exitCode === undefined ? "" : `, ${exitText(exitCode)}`;
}

/** The words of ECS that fit no class: they may be the cause all the same, so they are quoted as they are. */
function ecsSays(view: EvidenceView): string {
  const [event] = view.events("other", "throttled", "protected", "start-impaired");
  const [stop] = view.allStops.filter(({ data }) => !ORDINARY_STOPS.has(data.class));
  const words = event?.data.message ?? (stop && ecsWordsOf(stop.data));
  const sick = stop?.data.containers.find(({ name, unhealthy }) => unhealthy || name === stop.data.endedBy);
  const whose = event !== undefined || sick === undefined ? "" : ` (container ${sick.name}${exitOf(sick)})`;
  return words ? ` ECS says: “${words.replace(/\.$/, "")}”${whose}.` : "";
}

function inconclusive(evidence: Evidence, { view, causes }: Weighing): Diagnosis {
  const unread = evidence.gaps.filter((gap) => gap.important).map((gap) => `${gap.source}: ${gap.message}`);
  const why =
    unread.length > 0
      ? ` What could not be read: ${unread.map((one) => one.replace(/\.$/, "")).join("; ")}.`
      : "";
  const said = ecsSays(view);
  return {
    cause: "unknown",
    rootCause: `Inconclusive: ${CAUSES.unknown}.${said}${why}`,
    action: "none",
    confidence: 0,
    severity: "P2",
    rca: `No cause is likely enough by ${evidence.facts.length} facts.${why}`,
    evidence: [],
    against: [],
    ruledOut: ruledOut(causes),
    ranked: rankedOf(causes),
    missing: unread,
    nextSteps: ["Read the evidence below; the likeliest causes are listed with what speaks against them."],
    by: "rules",
  };
}

function rounded(posterior: number): number {
  return Number(posterior.toFixed(2));
}

function idsOf(facts: readonly Fact[]): string[] {
  return [...new Set(facts.map(({ id }) => id))];
}
