/** `npm run bench`: every benchmark in turn, each in its own process. `npm run bench -- NAME` runs one. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BENCHMARKS: Readonly<Record<string, string>> = {
  "log-digest": "lines a second of the log digest",
  redaction: "false redaction of ordinary text, and its speed",
  "planted-symptoms": "verdicts and actions that planted symptoms change, with the rules",
  evidence: "wall time of gathering the evidence, against the stub and the sandbox",
  "metric-reading": "time to read a service's metric series",
  localisation: "time to rank 50 services by an hour of series, and a smoke figure on random graphs",
  "alarm-to-action": "from the alarm to the action call, against the sandbox",
  "alarm-storm": "ten thousand alarms in a minute: what is lost, made of them, and how much memory it takes",
  "store-append": "what appending an incident's events costs, on SQLite and on DynamoDB",
  "incident-stages": "wall time of each stage of an incident, against the stub",
  "cold-start": "size of each Lambda function, time until its handler is ready, peak memory",
  dashboard: "time to open the dashboard with 50 000 incidents stored, by HTTP and in Chromium",
  "live-page": "what the dashboard says while a drill runs, beside the calls that the sandbox received",
  junk: "webhooks under a thousand requests of junk a second: how long they take, and what is lost",
  doors:
    "genuine SNS messages beside slow-loris, junk, idle connections, large and deep bodies: how many are accepted",
};

const [wanted, ...rest] = process.argv.slice(2);
if (wanted !== undefined && !Object.hasOwn(BENCHMARKS, wanted)) {
  const list = Object.entries(BENCHMARKS).map(([name, what]) => `  ${name.padEnd(16)} ${what}`);
  console.error(`There is no benchmark "${wanted}". These there are:\n${list.join("\n")}`);
  process.exit(2);
}

const failed = (wanted === undefined ? Object.keys(BENCHMARKS) : [wanted]).filter((name) => {
  console.log(`# ${name}: ${BENCHMARKS[name]}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...rest], {
    stdio: "inherit",
  });
  console.log("");
  return status !== 0;
});
if (failed.length > 0) console.error(`Failed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
