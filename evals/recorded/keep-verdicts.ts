/**
 * Accepts the rules' current verdicts on the recorded cases: `node evals/recorded/keep-verdicts.ts`. Prints what
 * changed; the floors of the classes rise, and fall by hand only.
 */
import { allCases } from "../scenarios/index.ts";
import { gather, useStubCredentials } from "./gather.ts";
import { inParallel, judgeGathered } from "./judge.ts";
import { changesOf, keep, keptOf, readKept, shortfallsOf } from "./kept-verdicts.ts";

const WIDTH = 6;

useStubCredentials();
const verdicts = await inParallel(allCases, WIDTH, async (one) => judgeGathered(one, await gather(one)));
const before = readKept();
const now = keptOf(verdicts);
const short = shortfallsOf(before, now);
keep(verdicts, before);
for (const line of changesOf(before, now)) console.log(line);
for (const line of short) console.log(`Below its floor, which stays: ${line}`);
console.log(`${now.cases.size} verdicts are kept in evals/recorded/kept-verdicts.txt.`);
if (short.length > 0) process.exitCode = 1;
