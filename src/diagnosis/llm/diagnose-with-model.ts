import type { Alert } from "../../domain/alert.ts";
import type { ModelUsage } from "../../domain/diagnosis.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { type Evidence, withMore } from "../../domain/evidence.ts";
import { textFor } from "../../domain/exit.ts";
import { ModelError, withUsage } from "../../domain/model-error.ts";
import type { More, MoreRequest } from "../../evidence/more-evidence.ts";
import type { ModelClient } from "../ports.ts";
import { type AnswerForm, type ReadAnswer, readAnswer } from "./answer.ts";
import { ANSWER_SCHEMA, ANSWER_SCHEMA_NAME, FIRST_ANSWER_SCHEMA, type MoreAsked } from "./answer-schema.ts";
import { planFollowUp, provisional, type Room, whyNoRoom } from "./follow-up.ts";
import { inconclusive } from "./inconclusive.ts";
import { buildPrompt, type Prompt } from "./prompt.ts";
import { addUsage } from "./usage.ts";

/** Enough for the answer and for the reasoning of models that reason first. */
const OUTPUT_TOKENS = 4_000;

export interface ModelDiagnosis extends ReadAnswer {
  readonly usage: ModelUsage;
  /** What was read at the model's request. */
  readonly added?: More;
}

export interface ModelDependencies {
  readonly model: ModelClient;
  /** The one further round; without it no more evidence can be requested. */
  readonly followUp?:
    | {
        readonly readMore: (requests: readonly MoreRequest[], known: number) => Promise<More>;
        readonly room: () => Omit<Room, "used">;
      }
    | undefined;
}

interface Incident {
  readonly alert: Alert;
  readonly evidence: Evidence;
}

type Turn =
  | { readonly kind: "read"; readonly answer: ReadAnswer; readonly usage: ModelUsage }
  | { readonly kind: "failed"; readonly error: OpsAgentError; readonly usage: ModelUsage | undefined };

/**
 * Asks the model for the root cause. Its first answer may request more evidence: that is read, and the second answer
 * is final. An unusable answer is asked for once more, with the problem named; so there are at most three calls.
 *
 * An answer that stays unusable is a value: `invalid` says why and the diagnosis is inconclusive (cause `unknown`,
 * action `none`, confidence 0). This also holds when the repeated call fails. A model that fails throws {@link
 * ModelError} with the usage so far.
 */
export async function diagnoseWithModel(
  incident: Incident,
  deps: ModelDependencies,
): Promise<ModelDiagnosis> {
  const prompt = buildPrompt(incident);
  const first = await takeTurn(deps.model, prompt, prompt.user, "first");
  const asked = first.kind === "read" ? first.answer.more : undefined;
  if (first.kind === "read" && asked !== undefined) return followUp(incident, deps, prompt, first, asked);
  const problem = problemOf(first);
  return problem === undefined ? finalTurn(first) : repair(deps.model, prompt, first, problem);
}

/** Reads what the model requested and asks it for the final answer. */
async function followUp(
  incident: Incident,
  deps: ModelDependencies,
  prompt: Prompt,
  first: Extract<Turn, { kind: "read" }>,
  asked: readonly MoreAsked[],
): Promise<ModelDiagnosis> {
  const { facts } = incident.evidence;
  const plan = planFollowUp(asked, facts, prompt.ids);
  if (plan.kind === "nonsense") {
    const invalid = { diagnosis: inconclusive(plan.problem), invalid: plan.problem };
    return repair(deps.model, prompt, { ...first, answer: invalid }, plan.problem);
  }
  const refused =
    deps.followUp === undefined
      ? "nothing more can be read here"
      : whyNoRoom({ ...deps.followUp.room(), used: first.usage });
  if (deps.followUp === undefined || refused !== undefined) {
    return { diagnosis: provisional(first.answer.diagnosis, refused ?? ""), usage: first.usage };
  }
  const added = await deps.followUp.readMore(plan.requests, facts.length);
  const evidence = withMore(incident.evidence, added);
  const asking = new Set(added.facts.map(({ id }) => id));
  const next = buildPrompt({ ...incident, evidence, asked: asking });
  const second = await takeTurn(deps.model, next, next.user, "final");
  const counted = { ...second, usage: addUsage(first.usage, second.usage) } as Turn;
  if (counted.kind === "failed" && problemOf(counted) === undefined) {
    const why = `asking again failed: ${counted.error.message.replace(/\.$/, "")}`;
    return {
      diagnosis: provisional(first.answer.diagnosis, why),
      usage: counted.usage ?? first.usage,
      added,
    };
  }
  const problem = asksAgain(counted) ? undefined : problemOf(counted);
  const settled =
    problem === undefined ? finalTurn(counted) : await repair(deps.model, next, counted, problem);
  return { ...settled, added };
}

/** A model that requests evidence after it was told that no more can be read is not asked a third time. */
function asksAgain(turn: Turn): boolean {
  return turn.kind === "read" && turn.answer.asksAgain === true;
}

/** Asks once more with the problem named; the answer must be final. */
async function repair(
  model: ModelClient,
  prompt: Prompt,
  first: Turn,
  problem: string,
): Promise<ModelDiagnosis> {
  const second = await takeTurn(model, prompt, prompt.repair(problem), "final");
  const forgotten = first.kind === "read" && second.kind === "failed";
  return forgotten ? finalTurn(first, second) : finalTurn(second, first);
}

async function takeTurn(model: ModelClient, prompt: Prompt, user: string, form: AnswerForm): Promise<Turn> {
  let usage: ModelUsage | undefined;
  try {
    const asked = await model.ask({
      system: textFor("model", prompt.system),
      user: textFor("model", user),
      schemaName: ANSWER_SCHEMA_NAME,
      schema: form === "first" ? FIRST_ANSWER_SCHEMA : ANSWER_SCHEMA,
      maxOutputTokens: OUTPUT_TOKENS,
    });
    usage = asked.usage;
    return { kind: "read", answer: readAnswer(asked.text, prompt.ids, form), usage };
  } catch (error) {
    if (!(error instanceof OpsAgentError)) throw error;
    return {
      kind: "failed",
      error,
      usage: usage ?? (error instanceof ModelError ? error.usage : undefined),
    };
  }
}

/** Returns the problem that a repeated call may correct. */
function problemOf(turn: Turn): string | undefined {
  if (turn.kind === "read") return turn.answer.invalid;
  return turn.error.code === "model-invalid-answer" ? turn.error.message.replace(/\.$/, "") : undefined;
}

/** Returns the final turn with the usage of both. */
function finalTurn(turn: Turn, other?: Turn): ModelDiagnosis {
  if (turn.kind === "failed") throw withUsage(turn.error, addUsage(other?.usage, turn.usage));
  return { ...turn.answer, usage: addUsage(other?.usage, turn.usage) };
}
