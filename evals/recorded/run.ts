/**
 * Runs the recorded cases: `node evals/recorded/run.ts [--half held-out|development] [--name NAME] [--verbose]
 * [--json]`. Of the held-out half nothing but counts is ever printed, whatever is asked for.
 */
import { parseArgs } from "node:util";
import { allCases, type HalfCase } from "../scenarios/index.ts";
import { useStubCredentials } from "./gather.ts";
import { inParallel, judge, type Verdict } from "./judge.ts";
import { scoresOf, tableOf } from "./score.ts";

const WIDTH = 6;

const { values } = parseArgs({
  options: {
    half: { type: "string" },
    name: { type: "string" },
    verbose: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

useStubCredentials();
// A single held-out case would reveal its score; names select among the open half only.
const chosen = allCases.filter(
  (one) =>
    (values.half === undefined || one.half === values.half) &&
    (values.name === undefined || (one.half === "development" && one.name === values.name)),
);
const started = performance.now();
const verdicts = await inParallel(chosen, WIDTH, judgeDiscreetly);
const scores = scoresOf(verdicts);
const seconds = (performance.now() - started) / 1000;
const open = verdicts.filter(({ one }) => one.half === "development");

if (values.json) console.log(JSON.stringify({ seconds, scores, development: open.map(summary) }, null, 2));
else {
  if (values.verbose) for (const verdict of open.filter(shown)) console.log(`${story(verdict)}\n`);
  console.log(tableOf(scores));
  console.log(`${chosen.length} cases in ${seconds.toFixed(1)} s`);
}

/** An error in a held-out case is reported without the case. */
async function judgeDiscreetly(one: HalfCase): Promise<Verdict> {
  try {
    return await judge(one);
  } catch (fault) {
    if (one.half === "development")
      throw new Error(`The case ${one.name} could not be run.`, { cause: fault });
    throw new Error("A held-out case could not be run; recorded.test.ts tells whether it gives evidence.");
  }
}

/** With a name the case is printed whether right or not. */
function shown(verdict: Verdict): boolean {
  return values.name !== undefined || !isRight(verdict);
}

function isRight({ rightCause, rightAction, rightDecision, harm }: Verdict): boolean {
  return rightCause && rightAction && rightDecision && harm === "none";
}

function summary(verdict: Verdict) {
  const { one, diagnosis, decision } = verdict;
  return {
    name: one.name,
    of: one.of,
    right: isRight(verdict),
    cause: diagnosis.cause,
    confidence: diagnosis.confidence,
    decision: decision.kind,
    action: decision.action,
    harm: verdict.harm,
    truth: one.truth,
  };
}

function story(verdict: Verdict): string {
  const { one, diagnosis, decision, evidence } = verdict;
  const { causes, actions, decisions, harmful } = one.truth;
  return [
    `── ${one.name} (${one.of}): ${one.story}`,
    `   why:   ${one.why}`,
    `   truth: ${causes.join(" | ")}; action ${actions.join(" | ")}; ${decisions.join(" | ")}; harmful ${harmful.join(", ")}`,
    `   said:  ${diagnosis.cause} (${diagnosis.confidence}), ${decision.kind} ${decision.action}${verdict.harm === "none" ? "" : `, HARMFUL (${verdict.harm})`}`,
    `   onset ${evidence.onset}, seen at ${evidence.observedAt}`,
    ...evidence.facts.map((fact) => `   ${fact.id} [${fact.provenance}] ${fact.statement}`),
    ...evidence.gaps.map((gap) => `   gap ${gap.source} ${gap.code}: ${gap.message}`),
  ].join("\n");
}
