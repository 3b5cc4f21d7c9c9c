/**
 * The accepted verdicts on the recorded cases, in `kept-verdicts.txt`: a line for each development case, and for each
 * class and half the least number of right ones. No single held-out case is stored.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { Verdict } from "./judge.ts";
import { type Score, scoresOf } from "./score.ts";

/** How to accept other verdicts, for messages. */
export const HOW_TO_ACCEPT =
  "Is the change intended? `node evals/recorded/keep-verdicts.ts` keeps it; the diff of kept-verdicts.txt shows what it is.";

/** Verdicts by case name, floors by half and class; values are the text of the line without its key. */
export interface KeptVerdicts {
  readonly cases: ReadonlyMap<string, string>;
  readonly floors: ReadonlyMap<string, Floor>;
}

/** How many cases of a class there are, and how many have at least the right cause, action and decision. */
export type Floor = Pick<Score, "cases" | "rightCause" | "rightAction" | "rightDecision">;

const FILE = new URL("./kept-verdicts.txt", import.meta.url);
const HEAD = `# What the rules make of the recorded cases. Written by \`node evals/recorded/keep-verdicts.ts\`.`;
const CASES = "# case: cause, action, decision, right or what is wrong, harm";
const FLOORS = "# half class: cases, right causes, right actions, right decisions at least";

/** The kept verdicts. Throws when the file cannot be read as such. */
export function readKept(): KeptVerdicts {
  return parseKept(readFileSync(FILE, "utf8"));
}

/** Stores these verdicts. Floors rise with them and never fall: edit the file to lower one. */
export function keep(verdicts: readonly Verdict[], before: KeptVerdicts | undefined): void {
  const now = keptOf(verdicts);
  const floors = [...now.floors].map(
    ([key, floor]) => [key, higher(floor, before?.floors.get(key))] as const,
  );
  writeFileSync(FILE, textOf({ cases: now.cases, floors: new Map(floors) }));
}

/** Returns the form in which verdicts are stored. */
export function keptOf(verdicts: readonly Verdict[]): KeptVerdicts {
  const open = verdicts.filter(({ one }) => one.half === "development");
  const scores = scoresOf(verdicts).filter(({ cause }) => cause !== "all");
  return {
    cases: new Map(open.map((verdict) => [verdict.one.name, lineOf(verdict)])),
    floors: new Map(scores.map((score) => [`${score.half} ${score.cause}`, floorOf(score)])),
  };
}

/** Returns one line for each case whose verdict changed, or that is new or gone. */
export function changesOf(before: KeptVerdicts, now: KeptVerdicts): string[] {
  const names = new Set([...before.cases.keys(), ...now.cases.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [before.cases.get(name) ?? "no such case", now.cases.get(name) ?? "no such case"];
    return was === is ? [] : [`${name}: was ${was}; now ${is}`];
  });
}

/** Returns one line for each class with fewer right cases than its floor. */
export function shortfallsOf(before: KeptVerdicts, now: KeptVerdicts): string[] {
  return [...before.floors].flatMap(([key, floor]) => {
    const is = now.floors.get(key);
    return MEASURES.flatMap((measure) => {
      const count = is?.[measure] ?? 0;
      return count >= floor[measure]
        ? []
        : [`${key}: ${measure} ${count}, at least ${floor[measure]} before`];
    });
  });
}

const MEASURES = ["cases", "rightCause", "rightAction", "rightDecision"] as const;

function lineOf({ diagnosis, decision, rightCause, rightAction, rightDecision, harm }: Verdict): string {
  const wrong = [
    ...(rightCause ? [] : ["cause"]),
    ...(rightAction ? [] : ["action"]),
    ...(rightDecision ? [] : ["decision"]),
  ];
  const judged = wrong.length === 0 ? "right" : `wrong ${wrong.join("+")}`;
  const harmed = harm === "none" ? "no harm" : `harm ${harm}`;
  return [diagnosis.cause, diagnosis.action, decision.kind, judged, harmed].join(", ");
}

function floorOf({ cases, rightCause, rightAction, rightDecision }: Score): Floor {
  return { cases, rightCause, rightAction, rightDecision };
}

function higher(one: Floor, other: Floor | undefined): Floor {
  const most = (measure: keyof Floor) => Math.max(one[measure], other?.[measure] ?? 0);
  return {
    cases: most("cases"),
    rightCause: most("rightCause"),
    rightAction: most("rightAction"),
    rightDecision: most("rightDecision"),
  };
}

function textOf({ cases, floors }: KeptVerdicts): string {
  return [
    HEAD,
    "",
    FLOORS,
    ...[...floors].map(([key, floor]) => `${key}: ${MEASURES.map((one) => floor[one]).join(", ")}`),
    "",
    CASES,
    ...[...cases].map(([name, line]) => `${name}: ${line}`),
    "",
  ].join("\n");
}

function parseKept(text: string): KeptVerdicts {
  const [floors = "", cases = ""] = text.slice(text.indexOf(FLOORS)).split(CASES);
  return {
    cases: pairsOf(cases),
    floors: new Map([...pairsOf(floors)].map(([key, line]) => [key, parseFloor(key, line)])),
  };
}

function pairsOf(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [key = "", ...rest] = line.split(": ");
      return [key, rest.join(": ")];
    }),
  );
}

function parseFloor(key: string, line: string): Floor {
  const [cases = Number.NaN, rightCause = Number.NaN, rightAction = Number.NaN, rightDecision = Number.NaN] =
    line.split(", ").map(Number);
  if ([cases, rightCause, rightAction, rightDecision].some(Number.isNaN))
    throw new Error(
      `kept-verdicts.txt says no four numbers of "${key}". Write it again: node evals/recorded/keep-verdicts.ts`,
    );
  return { cases, rightCause, rightAction, rightDecision };
}
