/** ActionResult -> Verification. Recovered means all conditions, with data, held for several looks. */
import type { Attempt, RecoveryCheck, Verification } from "../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../workflow/durable-steps.ts";
import { lookAtRecovery, type RecoveryQuestion } from "./recovery-checks.ts";

export interface VerifyInput extends RecoveryQuestion {
  /** The name of its durable step. */
  readonly name: string;
  /**
   * The attempt whose action is verified; without one nothing was done, and the looks belong to no incident's record.
   */
  readonly attempt?: Attempt;
  /** Running tasks before the action; fewer at the end is worse. */
  readonly runningBefore: number | undefined;
  readonly metricBefore: number | undefined;
  /** Epoch milliseconds by which the whole incident must end, if there is a limit. */
  readonly deadline: number | undefined;
  /** Seconds more than usual, while a shift of traffic that the action began takes its time. */
  readonly settleSeconds?: number;
}

interface Progress {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly looks: number;
  readonly held: number;
  readonly checks: RecoveryCheck[];
  readonly running: number | undefined;
  readonly badStops: number;
  readonly metric: number | undefined;
  readonly points: [number, number][] | undefined;
  readonly outOfTime: boolean;
}

/** Looks until recovery has held for `holdChecks` looks, or until the timeout. */
export async function verify(
  input: VerifyInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Verification> {
  const { verifyIntervalSeconds, holdChecks } = deps.policy.timing;
  const timeoutSeconds = deps.policy.timing.verifyTimeoutSeconds + (input.settleSeconds ?? 0);
  const last = await run.poll<Progress>(
    input.name,
    verifyIntervalSeconds,
    async (before) => {
      const startedAt = before?.startedAt ?? deps.now().toISOString();
      const seen = await lookAtRecovery(input, deps);
      const ended = deps.now();
      const allMet = seen.checks.every((check) => check.met === true);
      const held = allMet ? (before?.held ?? 0) + 1 : 0;
      const limit = Math.min(
        Date.parse(startedAt) + timeoutSeconds * 1000,
        input.deadline ?? Number.POSITIVE_INFINITY,
      );
      const looks = (before?.looks ?? 0) + 1;
      // Looks are at least an interval apart, also when the clock jumped back and will not reach the limit for long.
      const looked = (looks - 1) * verifyIntervalSeconds >= timeoutSeconds;
      const state: Progress = {
        startedAt,
        endedAt: ended.toISOString(),
        looks,
        held,
        checks: seen.checks,
        running: seen.running ?? before?.running,
        badStops: seen.badStops,
        metric: seen.metric ?? before?.metric,
        points: seen.points ?? before?.points,
        outOfTime: looked || ended.getTime() >= limit,
      };
      return { state, done: held >= holdChecks || state.outOfTime };
    },
    (state) => lookEvents(state, input, holdChecks),
  );
  return verificationOf(last, holdChecks, input);
}

function lookEvents(state: Progress, input: VerifyInput, holdLooks: number): StepEvent[] {
  const { attempt } = input;
  if (attempt === undefined) return [];
  const { looks, held, checks, outOfTime } = state;
  const looked: StepEvent = { kind: "verification-looked", attempt, looks, held, holdLooks, checks };
  if (held < holdLooks && !outOfTime) return [looked];
  return [looked, { kind: "verified", attempt, verification: verificationOf(state, holdLooks, input) }];
}

function verificationOf(state: Progress, holdLooks: number, input: VerifyInput): Verification {
  return { ...judge(state, holdLooks, input), ...base(state, input) };
}

function judge(
  last: Progress,
  holdChecks: number,
  input: VerifyInput,
): Pick<Verification, "outcome" | "reason"> {
  if (last.held >= holdChecks) {
    const looks = `Every condition was met in ${last.held} looks in a row.`;
    return { outcome: "recovered", reason: `${looks}${judgedBy(last.checks)}` };
  }
  const open = last.checks.filter((check) => check.met !== true);
  const list =
    open.map((check) => `${check.condition}: ${check.detail}`).join("; ") || "it had not held long enough";
  const ranOut = input.deadline !== undefined && Date.parse(last.endedAt) >= input.deadline;
  const when = ranOut
    ? "The time of this invocation ended before recovery could be proven"
    : "Recovery could not be proven in time";
  const worse = whyWorse(last, input);
  if (worse !== undefined) return { outcome: "worse", reason: `${when}, and ${worse}: ${list}.` };
  const stillSick = last.checks.some(
    ({ condition, met }) =>
      (condition === "metric-inside-threshold" || condition === "series-back-to-normal") && met === false,
  );
  return stillSick
    ? { outcome: "unchanged", reason: `${when}: ${list}.` }
    : { outcome: "unknown", reason: `${when}: ${list}.` };
}

/** What happened since the action that must not; whether it was so before is not known of stopped tasks. */
function whyWorse({ badStops, running }: Progress, { runningBefore }: VerifyInput): string | undefined {
  if (badStops > 0)
    return `${badStops === 1 ? "a task" : `${badStops} tasks`} stopped badly since the action`;
  return isFewer(running, runningBefore)
    ? `fewer tasks run than before, ${running} instead of ${runningBefore}`
    : undefined;
}

/** Says by what recovery was judged where no alarm of AWS decides alone. */
function judgedBy(checks: readonly RecoveryCheck[]): string {
  const normal = checks.find(({ condition }) => condition === "series-back-to-normal");
  if (normal === undefined) return "";
  return checks.some(({ condition }) => condition === "alarm-ok")
    ? " Applications can write the alarm's metric, so AWS's own series had to be back to normal, too."
    : " AWS knows no alarm behind the message: recovery was judged by the service's health and by its own series.";
}

function isFewer(now: number | undefined, before: number | undefined): boolean {
  return now !== undefined && before !== undefined && now < before;
}

function base(last: Progress, input: VerifyInput): Omit<Verification, "outcome" | "reason"> {
  return {
    checks: last.checks,
    looks: last.looks,
    heldLooks: last.held,
    startedAt: last.startedAt,
    endedAt: last.endedAt,
    ...(input.metricBefore === undefined ? {} : { metricBefore: input.metricBefore }),
    ...(last.metric === undefined ? {} : { metricAfter: last.metric }),
    ...(last.points === undefined ? {} : { metricPoints: last.points }),
  };
}
