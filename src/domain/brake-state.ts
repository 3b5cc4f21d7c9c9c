/** What keeps OpsAgent from changing anything now, beside its modes: told on every page, list and message. Pure. */
import { type Pause, pausesOf, pauseText } from "./brake.ts";
import type { Brake, PolicySource } from "./ports.ts";
import type { Target } from "./target.ts";

export interface BrakeState {
  /** When it was read; ISO 8601. */
  readonly at: string;
  /** Pauses in force then; `undefined` where they could not be read, which holds every change back. */
  readonly pauses: readonly Pause[] | undefined;
  /** Why the policy of now is restricted to observe, in a sentence; absent where it is not. */
  readonly policyProblem?: string;
}

/** Reads the brake, and the policy's state where there is a source. Never throws. */
export async function readBrakeState(
  brake: Pick<Brake, "pauses">,
  now: Date,
  policySource?: PolicySource | undefined,
): Promise<BrakeState> {
  const at = now.toISOString();
  const [pauses, state] = await Promise.all([
    brake.pauses(at).catch(() => undefined),
    policySource?.current(),
  ]);
  const problem = state?.problem;
  return { at, pauses, ...(problem === undefined ? {} : { policyProblem: problem }) };
}

/** Returns the pauses that are told for a target, or all of them. */
function told({ pauses = [], at }: BrakeState, target: Pick<Target, "cluster" | "service"> | undefined) {
  return target === undefined ? pauses : pausesOf(pauses, target, at);
}

/**
 * Returns what to tell, one sentence or two for each reason, such as "Paused by ann since 09:12 UTC, until somebody
 * resumes. Nothing is changed."; nothing where nothing is held back. With a target only what holds that back.
 */
export function brakeLines(
  state: BrakeState,
  target?: Pick<Target, "cluster" | "service"> | undefined,
): readonly string[] {
  const unreadable =
    "Whether OpsAgent is paused cannot be read from the store: nothing is changed as long as that is so.";
  return [
    ...(state.pauses === undefined ? [unreadable] : []),
    ...told(state, target).map(
      (pause) =>
        `${pauseText(pause, state.at)} Nothing is changed${pause.scope.kind === "all" ? "" : " there"}.`,
    ),
    ...(state.policyProblem === undefined ? [] : [state.policyProblem]),
  ];
}
