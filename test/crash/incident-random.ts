/**
 * Kills incidents: `node test/crash/incident-random.ts --rounds 10 [--matrix]`. A round is a few incidents whose
 * processes are killed with SIGKILL at random moments and started again. With `--matrix`, every call of every port
 * is a kill point, too, before and after it. Fails if an incident is lost, acts twice or claims what is not so.
 */
import { parseArgs } from "node:util";
import type { Trouble } from "../support/small-world.ts";
import { createTrial, type How, judge, outcomeOf, type Trial } from "./incident-trials.ts";

const INCIDENTS_PER_ROUND = 6;
const AT_ONCE = 3;
const MOST_KILLS = 5;
/** A whole incident takes about as long, from the start of its process. */
const MAX_LIFE_MS = 900;
const TROUBLES: readonly Trouble[] = ["leak", "two-leaks", "spike"];

const tally = {
  incidents: 0,
  kills: 0,
  resolved: 0,
  escalated: 0,
  failed: 0,
  unclear: 0,
  toldTwice: 0,
  lost: 0,
  repeated: 0,
  violations: [] as string[],
};

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;
const how = (): How => pick(["handle", "resume"]);

function count(
  trial: Trial,
  exit: Awaited<ReturnType<Trial["start"]>["exit"]>,
  kills: number,
  name: string,
): void {
  const fault = judge(trial, exit, kills);
  tally.incidents += 1;
  tally.kills += kills;
  if (fault !== undefined) {
    tally.violations.push(`${name} in ${trial.folder}: ${fault}`);
    if (fault.includes("lost") || fault.includes("nobody") || fault.includes("last process")) tally.lost += 1;
    if (fault.includes("repeated")) tally.repeated += 1;
    return;
  }
  const { output } = outcomeOf(exit).result;
  if (output.status === "resolved" || output.status === "escalated" || output.status === "failed") {
    tally[output.status] += 1;
  }
  if (output.actions.some((action) => action.outcome === "unknown")) tally.unclear += 1;
  if (trial.effects().filter(({ what }) => what === "report").length > 1) tally.toldTwice += 1;
}

/** Kills processes at random moments, then lets one end the incident. */
async function torment(trouble: Trouble): Promise<void> {
  const trial = createTrial(trouble);
  const wanted = 1 + Math.floor(Math.random() * MOST_KILLS);
  let kills = 0;
  for (let attempt = 0; attempt < wanted; attempt++) {
    const { child, exit } = trial.start("handle");
    await Promise.race([new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_LIFE_MS)), exit]);
    child.kill("SIGKILL");
    if ((await exit).signal === "SIGKILL") kills += 1;
  }
  // The event comes again at last: a process that was killed before it began anything left nothing to resume.
  count(trial, await trial.start("handle").exit, kills, `${trouble}, random`);
}

async function inTurn(work: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = [...work];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Every call of every port as a kill point. */
async function matrix(trouble: Trouble): Promise<void> {
  const calls = outcomeOf(await createTrial(trouble).start("handle").exit).calls.length;
  const points = Array.from({ length: calls }, (_, index) => index + 1).flatMap((number) => [
    `before:${number}`,
    `after:${number}`,
  ]);
  await inTurn(
    points.map((killAt) => async () => {
      const trial = createTrial(trouble);
      const killed = await trial.start("handle", killAt).exit;
      count(
        trial,
        await trial.start(how()).exit,
        killed.signal === "SIGKILL" ? 1 : 0,
        `${trouble}, ${killAt}`,
      );
    }),
  );
}

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, matrix: { type: "boolean", default: false } },
});
if (values.matrix) {
  for (const trouble of TROUBLES) {
    await matrix(trouble);
    process.stdout.write(`matrix of ${trouble}: ${JSON.stringify(tally)}\n`);
  }
}
for (let number = 1; number <= Number(values.rounds); number++) {
  await inTurn(Array.from({ length: INCIDENTS_PER_ROUND }, () => () => torment(pick(TROUBLES))));
  process.stdout.write(`round ${number}: ${JSON.stringify(tally)}\n`);
}
process.exit(tally.violations.length === 0 ? 0 : 1);
