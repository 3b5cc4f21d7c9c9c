/**
 * The kill matrix: `npm run test:crash [-- --only NAME] [--no-random] [--random-kills 200] [--every 1]`. Kills an
 * OpsAgent with SIGKILL at every moment of every scenario (kill-points.ts) and lets another end what it left; kills
 * the person's process while they answer; then kills at random. Exits with 1 when anything was lost, repeated, not
 * permitted, not told, not true or not in the audit trail. The folders of violations stay for a look.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createTally } from "./crash-tally.ts";
import { FOLLOW_UPS, inTurn, killAt, killAtRandom, killPersonAt, pick } from "./incident-kills.ts";
import { SCENARIO_NAMES, type ScenarioName } from "./incident-scenarios.ts";
import { type Rehearsal, rehearse, rehearsePerson } from "./incident-trials.ts";
import { distinct } from "./kill-points.ts";

/** Trials wait most of their time for short timers. */
const AT_ONCE = 5;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    every: { type: "string", default: "1" },
    "random-kills": { type: "string", default: "200" },
    "no-random": { type: "boolean", default: false },
  },
});

// Processes that are started thousands of times should not compile the same files each time.
const cache = mkdtempSync(join(tmpdir(), "opsagent-crash-cache-"));
process.env["NODE_COMPILE_CACHE"] ??= cache;

const startedAt = performance.now();
const say = (line: string) => {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`${String(seconds).padStart(4)} s  ${line}\n`);
};

const wanted = (name: string) => values.only === undefined || values.only.includes(name);
const every = Number(values.every);
const tally = createTally();
const rehearsals = new Map<ScenarioName, Rehearsal>();

for (const name of SCENARIO_NAMES.filter(wanted)) {
  const rehearsal = await rehearse(name);
  rehearsals.set(name, rehearsal);
  const moments = distinct(rehearsal.moments).filter((_, index) => index % every === 0);
  await inTurn(
    AT_ONCE,
    moments.map(
      (moment, index) => () => killAt(name, moment, rehearsal, index % 2 === 0 ? "resume" : "handle", tally),
    ),
  );
  say(`${name}: killed at ${moments.length} moments; ${tally.violations.length} violations so far`);
}

if (wanted("person")) {
  const moments = distinct(await rehearsePerson());
  for (const followUp of FOLLOW_UPS) {
    await inTurn(
      AT_ONCE,
      moments.map((moment) => () => killPersonAt(moment, followUp, tally)),
    );
    say(
      `the person killed at ${moments.length} moments, then ${followUp}; ${tally.violations.length} violations`,
    );
  }
}

const before = tally.kills;
while (!values["no-random"] && tally.kills - before < Number(values["random-kills"])) {
  const names = Array.from({ length: 3 * AT_ONCE }, () => pick([...rehearsals.keys()]));
  await inTurn(
    AT_ONCE,
    names.map((name) => () => killAtRandom(name, rehearsals.get(name) ?? { moments: [], tookMs: 0 }, tally)),
  );
  say(`${tally.kills - before} random kills; ${tally.violations.length} violations so far`);
}

process.stdout.write(`\n${tally.table()}\n\n${tally.kills} kills, ${tally.violations.length} violations\n`);
for (const violation of tally.violations) process.stdout.write(`- ${violation}\n`);
rmSync(cache, { recursive: true, force: true });
process.exit(tally.violations.length === 0 ? 0 : 1);
