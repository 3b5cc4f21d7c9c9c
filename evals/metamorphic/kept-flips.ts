/**
 * The accepted flips, in `kept-flips.txt`: they may only become fewer. A flip of a held-out case or of a generated
 * incident for checking is a count of its variation, without its name.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { Flip, FlipSet } from "./flips.ts";

const FILE = new URL("./kept-flips.txt", import.meta.url);
const HEAD = `# Where a change that should not matter changes what is done. Written by \`node evals/metamorphic/keep-flips.ts\`; it may only shrink.
# set, case (* where its name is kept back), variation, kind: was -> now, or how many
`;

/** What to do about a flip that is not kept, for messages. */
export const HOW_TO_KEEP =
  "A change that should not matter changes what is done. `node evals/metamorphic/keep-flips.ts` keeps what is left of the known ones; with --more it keeps new ones too, each to be explained.";

/** A flip with the set that its case is of. */
export interface SetFlip extends Flip {
  readonly set: FlipSet;
}

/** How often each kind of flip may occur, by the text of its line without the number. */
export type Kept = ReadonlyMap<string, number>;

const OPEN: ReadonlySet<FlipSet> = new Set(["development", "fitting"]);

/** The key under which a flip is kept. */
export function keyOf({ set, case: name, variation, kind, was, now }: SetFlip): string {
  return OPEN.has(set)
    ? `${set}, ${name}, ${variation}, ${kind}: ${was} -> ${now}`
    : `${set}, *, ${variation}, ${kind}`;
}

export function keptOf(flips: readonly SetFlip[]): Kept {
  const counts = new Map<string, number>();
  for (const flip of flips) counts.set(keyOf(flip), (counts.get(keyOf(flip)) ?? 0) + 1);
  return counts;
}

/** Returns the flips that are not kept, or more often than kept. */
export function newOnes(now: Kept, kept: Kept): string[] {
  return [...now]
    .filter(([key, count]) => count > (kept.get(key) ?? 0))
    .map(([key, count]) => line(key, count));
}

export function readKept(): Kept {
  const lines = readFileSync(FILE, "utf8").split("\n");
  return new Map(
    lines
      .filter((text) => text !== "" && !text.startsWith("#"))
      .map((text) => {
        const [, key = text, count = "1"] = /^(.*?)(?: x (\d+))?$/.exec(text) ?? [];
        return [key, Number(count)];
      }),
  );
}

export function writeKept(kept: Kept): void {
  const lines = [...kept].map(([key, count]) => line(key, count)).toSorted();
  writeFileSync(FILE, `${HEAD}${lines.join("\n")}${lines.length === 0 ? "" : "\n"}`);
}

const line = (key: string, count: number) => (count === 1 ? key : `${key} x ${count}`);
