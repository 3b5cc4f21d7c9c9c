/**
 * Runs drills repeatedly and counts how they end: `node drill/repeat.ts [times] [parallel] [fault ...]`. Prints a
 * line for each drill and a table; exit code 1 when any ended wrong.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "simple-statistics";
import { type DrillResult, runDrill } from "./run-drill.ts";
import { createView } from "./view.ts";

const [times = "10", parallel = "1", ...named] = process.argv.slice(2);
const faults =
  named.length > 0
    ? [...new Set(named)]
    : [
        "oom",
        "traffic-spike",
        "unhealthy-task",
        "bad-deploy",
        "stuck-deploy",
        "dependency-down",
        "false-alarm",
      ];
const root = join(
  process.cwd(),
  ".opsagent",
  "repeats",
  new Date().toISOString().replace(/[-:]/g, "").slice(0, 15),
);
mkdirSync(root, { recursive: true });
const queue = Array.from({ length: Number(times) }, (_, round) =>
  faults.map((fault) => ({ fault, round })),
).flat();
const results: (DrillResult | { fault: string; error: string })[] = [];

async function worker(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { fault, round } = next;
    const folder = join(root, `${fault}-${round}`);
    const log: string[] = [];
    const out = {
      write: (text: string) => Boolean(log.push(text)),
      columns: 100,
    } as unknown as NodeJS.WriteStream;
    try {
      const view = createView(out, false);
      const result = await runDrill({
        fault,
        folder,
        withAgent: true,
        ask: false,
        view,
        signal: new AbortController().signal,
      });
      results.push(result);
      const { verdict, seconds } = result;
      console.log(
        `${fault} ${round + 1}: ${verdict?.right ? "right" : `WRONG ${verdict?.reasons.join("; ")}`} (action ${seconds.alarmToAction?.toFixed(2) ?? "-"} s, end ${seconds.alarmToEnd?.toFixed(1)} s, drill ${seconds.total.toFixed(0)} s)`,
      );
    } catch (error) {
      results.push({ fault, error: error instanceof Error ? error.message : String(error) });
      console.log(
        `${fault} ${round + 1}: SET-UP FAILED ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "drill.log"), log.join(""));
  }
}

await Promise.all(Array.from({ length: Number(parallel) }, worker));

console.log("\nfault             right   alarm to action (median, most)   alarm to end (median, most)");
for (const fault of faults) {
  const mine = results.filter((result) => result.fault === fault);
  const right = mine.filter((result) => "verdict" in result && result.verdict?.right).length;
  const seconds = mine.flatMap((result) => ("seconds" in result ? [result.seconds] : []));
  const actions = seconds.flatMap((one) => one.alarmToAction ?? []);
  const ends = seconds.flatMap((one) => one.alarmToEnd ?? []);
  console.log(`${fault.padEnd(17)} ${right}/${mine.length}   ${spread(actions).padEnd(31)}  ${spread(ends)}`);
}
process.exitCode = results.every((result) => "verdict" in result && result.verdict?.right) ? 0 : 1;

function spread(values: readonly number[]): string {
  return values.length === 0
    ? "-"
    : `${median([...values]).toFixed(2)} s, ${Math.max(...values).toFixed(2)} s`;
}
