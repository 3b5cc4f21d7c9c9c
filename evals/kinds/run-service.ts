/** Runs an input about a service: the story with the input over it, the real adapters, evidence, diagnosis, decision. */
import { type Gathered, gather } from "../recorded/gather.ts";
import { judgeGathered, type Verdict } from "../recorded/judge.ts";
import type { Case, World } from "../scenarios/types.ts";
import { leave } from "../scenarios/vocabulary.ts";
import { sceneOf } from "../scenarios/wire/scene.ts";
import { STORIES } from "./stories.ts";
import type { ServiceExpectation, ServiceInput } from "./types.ts";
import { overlay, stopsOf } from "./wire.ts";

export interface Said {
  readonly verdict: Verdict<Case>;
  readonly gathered: Gathered;
}

/** Judges the input under the default policy, in which restart and scale need nobody. */
export async function runService(input: ServiceInput): Promise<Said> {
  const one = caseOf(input);
  const gathered = await gather(one, { handlers: (given) => overlay(input, sceneOf(one), given) });
  return { gathered, verdict: await judgeGathered(one, gathered) };
}

function caseOf(input: ServiceInput): Case {
  const world = STORIES[input.story];
  if (world === undefined) throw new Error(`There is no story "${input.story}".`);
  const stopped = stopsOf(input).map(({ at, lived }) => ({
    at,
    code: "",
    reason: "",
    ...(lived === undefined ? {} : { lived }),
  }));
  return {
    name: `${input.story} ${input.name}`,
    of: "unknown",
    story: input.right,
    why: input.source,
    world: { ...world, stopped: [...(world.stopped ?? []), ...stopped] } satisfies World,
    truth: leave("unknown"),
  };
}

/** What is wrong with the product's answer, one sentence each; none where it is right. */
export function wrongsOf(said: Said, expected: ServiceExpectation): string[] {
  const { verdict } = said;
  const { diagnosis, decision, evidence } = verdict;
  const action = decision.kind === "decline" ? "none" : decision.action;
  const told = [diagnosis.rootCause, ...diagnosis.nextSteps].join("\n");
  const facts = evidence.facts.map(({ statement }) => statement).join("\n");
  const gaps = evidence.gaps.map(({ message, remedy = "" }) => `${message} ${remedy}`).join("\n");
  const reasons =
    decision.kind === "decline" ? decision.reasons : decision.kind === "ask" ? [decision.why] : [];
  const rules = [
    ...reasons,
    ...decision.trail.map(({ rule, outcome, reason }) => `${rule} ${outcome}: ${reason}`),
  ];
  return [
    ...oneOf("cause", diagnosis.cause, expected.causes),
    ...(expected.notCauses?.includes(diagnosis.cause) ? [`cause ${diagnosis.cause}`] : []),
    ...oneOf("action", action, expected.actions),
    ...oneOf("decision", decision.kind, expected.decisions),
    ...has("told", told, expected.says),
    ...hasNot("told", told, expected.saysNot),
    ...has("facts", facts, expected.facts),
    ...hasNot("facts", facts, expected.factsNot),
    ...has("gaps", gaps, expected.gaps),
    ...has("rules", rules.join("\n"), expected.rules),
    ...hasNot("plan", JSON.stringify("plan" in decision ? decision.plan : {}), expected.planNot),
    ...neither(said, expected.either),
  ];
}

function neither(said: Said, alternatives: readonly ServiceExpectation[] = []): string[] {
  const wrongs = alternatives.map((one) => wrongsOf(said, one));
  return wrongs.some((one) => one.length === 0) ? [] : wrongs.flat();
}

/** The answer in one line, for the table of what was measured. */
export function lineOf({ verdict: { diagnosis, decision, evidence } }: Said): string {
  const gaps = evidence.gaps.map(({ message }) => message).join(" | ");
  return `${diagnosis.cause} ${diagnosis.confidence.toFixed(2)}, ${decision.kind} ${decision.action}: ${diagnosis.rootCause} » ${diagnosis.nextSteps[0] ?? ""}${gaps === "" ? "" : ` [gaps: ${gaps}]`}`;
}

function oneOf(what: string, found: string, allowed: readonly string[] | undefined): string[] {
  return allowed === undefined || allowed.includes(found)
    ? []
    : [`${what} ${found}, right is ${allowed.join(" or ")}`];
}

/** The patterns that a text lacks. */
export function has(where: string, text: string, patterns: readonly string[] = []): string[] {
  return patterns
    .filter((pattern) => !new RegExp(pattern, "i").test(text))
    .map((pattern) => `${where}: no /${pattern}/`);
}

/** The patterns that a text must not have and has. */
export function hasNot(where: string, text: string, patterns: readonly string[] = []): string[] {
  return patterns.flatMap((pattern) => {
    const found = new RegExp(pattern, "i").exec(text)?.[0];
    return found === undefined ? [] : [`${where}: "${found}"`];
  });
}
