/**
 * Kills at random: `node test/crash/durable-random.ts --rounds 20 [--workers 2]`. Each round runs a few
 * incidents in processes that are killed with SIGKILL at random moments and started again, while another
 * process approves. Fails if an incident is lost, acts twice, or acts although it was told otherwise.
 */
import { parseArgs } from "node:util";
import { SLOW_ACT } from "./durable-incident.ts";
import { createScratch, type Exit, launch, readLog, startApprover } from "./durable-processes.ts";

const INCIDENTS_PER_ROUND = 3;
const KILLS_PER_INCIDENT = 4;
const MAX_LIFE_MS = 900;

type Tally = { incidents: number; kills: number; interrupted: number; violations: string[] };

/** Starts and kills processes until the incident has had its kills, then lets one finish it. */
async function torment(
  database: string,
  name: string,
  log: string,
  workers: number,
): Promise<[Exit, number]> {
  let kills = 0;
  while (kills < KILLS_PER_INCIDENT) {
    const processes = Array.from({ length: workers }, () => launch(database, name, log, SLOW_ACT));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_LIFE_MS));
    for (const { child } of processes) child.kill("SIGKILL");
    const exits = await Promise.all(processes.map(({ exit }) => exit));
    kills += exits.filter(({ signal }) => signal === "SIGKILL").length || 1;
  }
  return [await launch(database, name, log).exit, kills];
}

async function round(number: number, workers: number, tally: Tally): Promise<void> {
  const scratch = createScratch();
  const approver = startApprover(scratch.database);
  const names = Array.from({ length: INCIDENTS_PER_ROUND }, (_, index) => `incident-${number}-${index}`);
  await Promise.all(
    names.map(async (name) => {
      const log = scratch.log(name);
      const [exit, kills] = await torment(scratch.database, name, log, workers);
      tally.incidents += 1;
      tally.kills += kills;
      const fault = judge(exit, readLog(log), tally);
      if (fault) tally.violations.push(`${name} (${scratch.database}): ${fault}`);
    }),
  );
  await approver.stop();
}

function judge(exit: Exit, lines: string[], tally: Tally): string | undefined {
  const acts = lines.filter((line) => line === "ACT").length;
  if (exit.code !== 0) return `ended with ${exit.signal ?? exit.code}: ${exit.errors}`;
  const { result } = JSON.parse(exit.output);
  if (result.status !== "SUCCEEDED") return JSON.stringify(result);
  if (result.output.act === "unknown") tally.interrupted += 1;
  if (acts > 1) return `acted ${acts} times`;
  if (result.output.act === "done" && acts !== 1) return "was told done, but did not act";
  if (new Set(lines.filter((line) => line.startsWith("asked"))).size !== 1) return "asked for two callbacks";
  return undefined;
}

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, workers: { type: "string", default: "1" } },
});
const tally: Tally = { incidents: 0, kills: 0, interrupted: 0, violations: [] };
for (let number = 1; number <= Number(values.rounds); number++) {
  await round(number, Number(values.workers), tally);
  process.stdout.write(`round ${number}: ${JSON.stringify(tally)}\n`);
}
process.exit(tally.violations.length === 0 ? 0 : 1);
