/** Numbers and names as text, for the terminal and the page. Pure. */
import type { EvalReport, Rate, Score } from "./eval-report.ts";

/** The measures, in order. `wanted: "none"` means that fewer is better. */
export const MEASURES = [
  { key: "right", short: "right", title: "all right", wanted: "all", what: "every check below passed" },
  {
    key: "causeRight",
    short: "cause",
    title: "cause right",
    wanted: "all",
    what: "the cause is one that the truth accepts",
  },
  {
    key: "actionRight",
    short: "action",
    title: "action right",
    wanted: "all",
    what: "the right change, or none where none is due",
  },
  {
    key: "harmDone",
    short: "harm",
    title: "harm done",
    wanted: "none",
    what: "a change that the truth calls harmful",
  },
  {
    key: "harmAsked",
    short: "harm asked",
    title: "harm asked for",
    wanted: "none",
    what: "a person was asked for a harmful change",
  },
  {
    key: "ungated",
    short: "ungated",
    title: "ungated",
    wanted: "none",
    what: "a change that no decision had allowed",
  },
  {
    key: "abstained",
    short: "abstained",
    title: "abstained",
    wanted: "all",
    what: "nothing was done where nothing was due",
  },
  {
    key: "falselyCertain",
    short: "certain, wrong",
    title: "certain and wrong",
    wanted: "none",
    what: "a wrong cause, sure enough to act on",
  },
  {
    key: "dueMet",
    short: "due met",
    title: "due action met",
    wanted: "all",
    what: "the due action is done or asked for",
  },
  {
    key: "recovered",
    short: "recovered",
    title: "recovered",
    wanted: "all",
    what: "resolved, and the sandbox confirms it",
  },
  {
    key: "evidenceCited",
    short: "evidence",
    title: "evidence",
    wanted: "all",
    what: "cited facts exist, one not from logs",
  },
  {
    key: "told",
    short: "told",
    title: "told",
    wanted: "all",
    what: "the report says what a person must know",
  },
  {
    key: "named",
    short: "named",
    title: "named",
    wanted: "all",
    what: "the first message names the thing that broke",
  },
] as const satisfies readonly {
  key: keyof Score;
  /** Head of a column. */
  short: string;
  title: string;
  wanted: "all" | "none";
  what: string;
}[];

/** `3/4`, or a dash where nothing was counted. */
export function rateText({ hits, of }: Rate): string {
  return of === 0 ? "-" : `${hits}/${of}`;
}

/** `75 % (30 to 95 %)`. */
export function shareText({ hits, of, interval }: Rate): string {
  if (of === 0 || interval === undefined) return "nothing to count";
  return `${percent(hits / of)} % (${percent(interval.low)} to ${percent(interval.high)} %)`;
}

/** The largest rounding error of floating point. */
const ROUNDING = 1e-9;

/** Whole per cent; 100 and 0 only when exact. */
export function percent(share: number): number {
  const rounded = Math.round(share * 100);
  if (rounded === 100 && share < 1 - ROUNDING) return 99;
  return rounded === 0 && share > ROUNDING ? 1 : rounded;
}

export function secondsText(seconds: number | undefined): string {
  if (seconds === undefined) return "-";
  return seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0);
}

export function dollarsText(dollars: number | undefined): string {
  if (dollars === undefined) return "-";
  return `$${dollars < 0.1 ? dollars.toFixed(4) : dollars.toFixed(2)}`;
}

/** Describes the agent. */
export function agentText({ name, version, diagnoser, model }: EvalReport["agent"]): string {
  const judge = [diagnoser, model].filter((part) => part !== undefined).join(", ");
  return `${[name, version].filter((part) => part !== undefined).join(" ")}${judge === "" ? "" : ` (${judge})`}`;
}

/** Describes the run. */
export function runText(report: EvalReport): string {
  const { mode, repeat, jobs, seconds, machine, startedAt, complete } = report;
  const rounds = repeat === 1 ? "" : `, ${repeat} rounds`;
  const duration = seconds < 90 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
  return `${mode}${rounds}, ${jobs} at a time on ${machine.cores} cores, ${duration}, ${startedAt.slice(0, 16).replace("T", " ")} UTC${complete ? "" : ", INTERRUPTED: not all was run"}`;
}

/** A run of one case by its name, and its round where there are several. */
export function runName({ case: name, run }: { case: string; run: number }, repeat: number): string {
  return repeat === 1 ? name : `${name} ${run}`;
}
