/** What families share: failing requests, unhealthy targets, releases. */

import type { Cause } from "../../src/domain/cause.ts";
import { type Series, series, step } from "../scenarios/series.ts";
import type { DefinitionSpec, StopSpec, TaskSpec, Truth, World } from "../scenarios/types.ts";
import { fleet, repeated, replacedStop, TIMED_OUT, truth } from "../scenarios/vocabulary.ts";
import type { Setting } from "./setting.ts";

/** A restart helps; whether it may be done is for the guardrails. */
export const restartDue = (...causes: readonly Cause[]): Truth =>
  truth(causes, ["restart", "none"], ["act", "ask", "decline"]);
/** More tasks help; bounds may forbid them. */
export const scaleDue = (...causes: readonly Cause[]): Truth =>
  truth(causes, ["scale", "none"], ["act", "ask", "decline"]);
/** A person should be asked for the rollback, where there is a revision to go back to. */
export const rollbackDue =
  (...causes: readonly Cause[]) =>
  ({ young }: Setting): Truth =>
    young ? truth(causes, ["none"], ["decline"]) : truth(causes, ["rollback", "none"], ["ask", "decline"]);
/** Nothing that OpsAgent can do helps: a person must. */
export const personDue = (...causes: readonly Cause[]): Truth => truth(causes, ["none"], ["decline"]);

/** Failing requests a minute from the onset on: a share of all. */
export const failing = (s: Setting, share: number): Series =>
  series(0.3, step(s.onset, Math.max(6, s.levels.requests * share), 2));

/** The threshold of an alarm on them. */
export const failingLimit = (s: Setting, share: number): number =>
  Math.max(3, s.levels.requests * share * 0.4);

/** Targets that are unhealthy from the onset on. */
export const unhealthyHosts = (s: Setting, count: number) => ({
  unhealthyHosts: series(0, step(s.onset, count, 1)),
  healthyHosts: series(s.tasks, step(s.onset, s.tasks - count, 1)),
});

/** The first tasks do not answer their health checks. */
export const silentTasks = (s: Setting, count: number, rest: Omit<TaskSpec, "age"> = {}): TaskSpec[] =>
  fleet(count, s.age, { target: TIMED_OUT, ...rest });

/** A finished release of a revision some minutes ago: young tasks, and the old ones replaced. */
export function released(
  s: Setting,
  at: number,
  change: { readonly now?: DefinitionSpec; readonly before?: DefinitionSpec } = {},
  rest: Omit<TaskSpec, "age"> = {},
): Pick<World, "deployments" | "running" | "stopped" | "definition" | "revisions"> {
  const stopped: StopSpec[] = repeated(Math.min(s.tasks, 6), at + 3, 0.3, (when) =>
    replacedStop(when, s.age, { revision: -1 }),
  );
  return {
    deployments: [{ revision: 0, at }],
    running: fleet(s.tasks, -at - 1, rest),
    stopped: s.young ? [] : stopped,
    ...(change.now === undefined ? {} : { definition: change.now }),
    ...(change.before === undefined ? {} : { revisions: { [-1]: change.before } }),
  };
}

/**
 * A deployment whose tasks never start: the older revision serves on, or nothing does where there is none.
 * @param stops how each of them ended
 */
export function neverStarts(
  s: Setting,
  at: number,
  stops: readonly StopSpec[],
  change: { readonly now?: DefinitionSpec; readonly before?: DefinitionSpec } = {},
): Pick<World, "deployments" | "running" | "stopped" | "definition" | "revisions" | "breaker"> {
  const newest = { revision: 0, at, rollout: "IN_PROGRESS", failed: stops.length, running: 0 } as const;
  return {
    breaker: "off",
    deployments: s.young
      ? [newest]
      : [newest, { revision: -1, at: -s.age - 2, status: "ACTIVE", desired: s.tasks }],
    running: s.young ? [] : fleet(s.tasks, s.age, { revision: -1 }),
    stopped: stops,
    ...(change.now === undefined ? {} : { definition: change.now }),
    ...(change.before === undefined ? {} : { revisions: { [-1]: change.before } }),
  };
}

/** An alarm of two periods of one minute of the story each, for what does not last. */
export const shortly = (s: Setting) => ({ of: [2, 2] as const, period: s.world.minuteSeconds ?? 60 });

/** What is measured of a service that never had a task: nothing but the requests that arrive. */
export const NEVER_RAN = { cpu: "absent", memory: "absent", p50: "absent", p99: "absent" } as const;
