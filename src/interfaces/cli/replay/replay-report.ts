/** What `opsagent replay` prints. */
import type { ModelUsage } from "../../../domain/diagnosis.ts";
import type { Replay, ReplayedRound, ReplayVerdict } from "../../../reporting/replay.ts";
import { columns, wrap } from "../plain-text.ts";

/** What became of every incident of the last days. */
export interface ReplayedAll {
  readonly since: string;
  /** Incidents in which nothing was looked into: changes back to OK, notes of joined alarms. */
  readonly withoutEvidence: number;
  readonly replays: readonly Replay[];
}

/** How many decisions would be the same, would change, and could not be made. */
export function countsOf(replays: readonly Replay[]): Record<Replay["outcome"], number> {
  const count = (outcome: Replay["outcome"]) => replays.filter((one) => one.outcome === outcome).length;
  return { same: count("same"), different: count("different"), failed: count("failed") };
}

const WIDTHS = [14, 28, 0];

/** One case: before and now side by side, then the rules that judge differently. */
export function renderReplay({ id, target, outcome, rounds, usage, failure }: Replay): string {
  const head = `${id}, ${target.service} in ${target.cluster}`;
  if (failure !== undefined)
    return `${head}\n\nIt could not be diagnosed again: ${failure.message}\n${failure.remedy}`;
  return [
    head,
    ...rounds.flatMap((round, index) => ["", ...roundLines(round, index)]),
    ...usageLines(usage),
    "",
    outcome === "same" ? "The decision is the same." : "The decision would be another one.",
  ].join("\n");
}

function roundLines({ before, now, rules }: ReplayedRound, index: number): string[] {
  const rows: readonly (readonly [string, (verdict: ReplayVerdict) => string])[] = [
    ["cause", ({ cause }) => cause],
    ["confidence", ({ stated, earned }) => `${stated.toFixed(2)}, earned ${earned.toFixed(2)}`],
    ["action", ({ action }) => action],
    ["decision", decisionWords],
    ["plan", planWords],
  ];
  const table = rows.map(([name, told]) => {
    const [old, current] = [told(before), told(now)];
    return [name, old, old === current ? "the same" : current];
  });
  return [
    columns(WIDTHS, [[index === 0 ? "" : "second look", "before", "now"], ...table]),
    ...(rules.length === 0 ? [] : ["", "Rules that judge differently"]),
    ...rules.map(({ rule, before: old = "-", now: current = "-", reason }) =>
      wrap(`${rule}: ${old} -> ${current}: ${reason}`, "  "),
    ),
  ];
}

function decisionWords({ decision, wouldHave }: ReplayVerdict): string {
  return wouldHave === undefined ? decision : `${decision} (would ${wouldHave})`;
}

function planWords({ plan }: ReplayVerdict): string {
  switch (plan?.action) {
    case "restart":
      return `restart ${plan.tasks.map(({ taskId }) => taskId.slice(0, 8)).join(", ")}${plan.surge === undefined ? "" : `, ${plan.surge.to} tasks meanwhile`}`;
    case "scale":
      return `scale ${plan.from} to ${plan.to}`;
    case "rollback":
      return `${plan.from} to ${plan.to}`;
    case undefined:
      return "-";
  }
}

function usageLines(usage: Replay["usage"]): string[] {
  if (usage.before === undefined && usage.now === undefined) return [];
  const rows = [
    ["model", ...both(usage, ({ model }) => model)],
    ["tokens", ...both(usage, tokens)],
    ["cost", ...both(usage, cost)],
  ];
  return ["", columns(WIDTHS, rows)];
}

function both({ before, now }: Replay["usage"], told: (usage: ModelUsage) => string): string[] {
  return [before, now].map((usage) => (usage === undefined ? "-" : told(usage)));
}

function tokens({ inputTokens, outputTokens }: ModelUsage): string {
  return `${inputTokens} in, ${outputTokens} out`;
}

function cost({ costUsd }: ModelUsage): string {
  return costUsd === undefined ? "not told" : `$${costUsd.toFixed(4)}`;
}

/** All cases: what would change, then how much. */
export function renderAll({ since, withoutEvidence, replays }: ReplayedAll): string {
  const changed = replays.filter(({ outcome }) => outcome !== "same");
  const { different, failed } = countsOf(replays);
  return [
    ...changed.map(changedLine),
    ...(changed.length > 0 ? [""] : []),
    `${different} of ${replays.length} decisions since ${since.slice(0, 10)} would be others${failed > 0 ? `, ${failed} could not be made` : ""}.`,
    ...(withoutEvidence > 0
      ? [`Left out: ${withoutEvidence} incidents in which nothing was looked into.`]
      : []),
    ...costLines(replays),
  ].join("\n");
}

function changedLine({ id, target, rounds, failure }: Replay): string {
  if (failure !== undefined) return wrap(`${id}  ${target.service}: failed: ${failure.message}`);
  const round = rounds.find(({ same }) => !same);
  if (round === undefined) return id;
  const words = (verdict: ReplayVerdict) =>
    `${decisionWords(verdict)} ${verdict.action} for ${verdict.cause}`;
  const why = round.rules.map(({ rule }) => rule).join(", ");
  return wrap(
    `${id}  ${target.service}: ${words(round.before)} -> ${words(round.now)}${why === "" ? "" : ` [${why}]`}`,
  );
}

function costLines(replays: readonly Replay[]): string[] {
  const asked = replays.flatMap(({ usage }) => usage.now ?? []);
  if (asked.length === 0) return [];
  const sum = asked.reduce((total, { costUsd }) => total + (costUsd ?? 0), 0);
  const all = asked.reduce((total, { inputTokens, outputTokens }) => total + inputTokens + outputTokens, 0);
  return [`The model was asked about ${asked.length} incidents: ${all} tokens, $${sum.toFixed(4)}.`];
}
