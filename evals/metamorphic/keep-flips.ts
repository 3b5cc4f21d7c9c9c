/**
 * Keeps the flips of today: `node evals/metamorphic/keep-flips.ts [--more] [--variations N]`. Without `--more` only fewer
 * are kept, and new ones are printed. With `--variations` only as many of each case are judged.
 */
import { parseArgs } from "node:util";
import { useStubCredentials } from "../recorded/gather.ts";
import { type Kept, keptOf, newOnes, readKept, writeKept } from "./kept-flips.ts";
import { judgeVariations, subjects } from "./subjects.ts";

useStubCredentials();
const started = performance.now();
const { values } = parseArgs({
  options: { more: { type: "boolean", default: false }, variations: { type: "string" } },
});
const { variations, more } = values;
const { flips, judged } = await judgeVariations(
  subjects(),
  variations === undefined ? undefined : Number(variations),
);
const now = keptOf(flips);
const before = more ? now : readKept();
const fewer: Kept = new Map(
  [...before].flatMap(([key, count]) => {
    const left = Math.min(count, now.get(key) ?? 0);
    return left === 0 ? [] : [[key, left] as const];
  }),
);
writeKept(fewer);
for (const line of newOnes(now, fewer)) console.log(`New, not kept: ${line}`);
console.log(
  `${flips.length} flips in ${judged.length} variations, ${((performance.now() - started) / 1000).toFixed(0)} s; kept in evals/metamorphic/kept-flips.txt.`,
);
if (newOnes(now, fewer).length > 0) process.exitCode = 1;
