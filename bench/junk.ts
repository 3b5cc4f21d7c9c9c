/**
 * `opsagent serve` under a stream of junk from another process on this machine: `node bench/junk.ts [PER_SECOND
 * [SECONDS]]`. Meanwhile Alertmanager sends twenty genuine alerts a second, each of which must become an incident.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createSqliteStore } from "../src/adapters/sqlite-store/sqlite-store.ts";
import { startCli } from "../test/support/cli-process.ts";
import { listeningPort } from "../test/support/listening-port.ts";

const [perSecond = 1_000, seconds = 10] = process.argv.slice(2, 4).map(Number);
const SECRET = "alerts-secret-of-at-least-24";
const TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms";
const EVERY_MS = 50;

const folder = mkdtempSync(join(tmpdir(), "junk-"));
const database = join(folder, "opsagent.db");
const serve = startCli(["serve", "--port", "0"], {
  cwd: folder,
  variables: {
    OPSAGENT_STORE: `sqlite:${database}`,
    OPSAGENT_WEBHOOK_TOKENS: `alerts:${SECRET}`,
    OPSAGENT_SNS_TOPICS: TOPIC,
  },
});
const port = await listeningPort(serve);

interface Sent {
  readonly ms: number;
  readonly status: number;
  readonly incidents: readonly string[];
}

async function send(name: string): Promise<Sent> {
  const began = performance.now();
  const body = JSON.stringify({
    version: "4",
    alerts: [
      {
        status: "firing",
        labels: { alertname: name },
        startsAt: new Date().toISOString(),
        fingerprint: name,
      },
    ],
  });
  const headers = { authorization: `Bearer ${SECRET}` };
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
    method: "POST",
    headers,
    body,
  }).catch(() => undefined);
  const said =
    answer?.status === 202 ? ((await answer.json()) as { incidents: string[] }) : { incidents: [] };
  return { ms: performance.now() - began, status: answer?.status ?? 0, incidents: said.incidents };
}

async function genuine(kind: string, forMs: number): Promise<Sent[]> {
  const sent: Promise<Sent>[] = [];
  const end = performance.now() + forMs;
  for (let at = 0; performance.now() < end; at += 1) {
    sent.push(send(`${kind}-${at}`));
    await sleep(EVERY_MS);
  }
  return Promise.all(sent);
}

/** Returns a process's processor time in seconds, by Linux in hundredths. NaN elsewhere. */
function cpuSecondsOf(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name in brackets come the state (field 3) and the rest; 14 and 15 are the times.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

interface Tally {
  readonly offered: number;
  readonly sent: number;
  readonly answered: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly answers: string;
}

const percentile = (all: readonly Sent[], share: number) =>
  all.map(({ ms }) => ms).toSorted((one, other) => one - other)[Math.ceil(all.length * share) - 1] ?? 0;

await genuine("warm-up", 1_000);
const start = cpuSecondsOf(serve.process.pid);
const quiet = await genuine("quiet", 3_000);
const usedInQuiet = cpuSecondsOf(serve.process.pid) - start;
const sender = spawn(
  process.execPath,
  [join(import.meta.dirname, "junk-sender.ts"), String(port), String(perSecond), String(seconds), TOPIC],
  { stdio: ["ignore", "pipe", "inherit"] },
);
let tally = "";
sender.stdout.setEncoding("utf8").on("data", (text: string) => {
  tally += text;
});
const done = new Promise((resolve) => sender.once("close", resolve));
const before = cpuSecondsOf(serve.process.pid);
const busy = await genuine("busy", seconds * 1_000);
await done;
const used = cpuSecondsOf(serve.process.pid) - before;
const ready = await fetch(`http://127.0.0.1:${port}/ready`);
serve.process.kill("SIGTERM");
const { exit } = await serve.result;
const store = createSqliteStore(database);
const ids = [...quiet, ...busy].flatMap(({ incidents }) => incidents);
const kept = await Promise.all(ids.map((id) => store.get(id)));
const open = await store.open();
store.close();
rmSync(folder, { recursive: true, force: true });

const junk = JSON.parse(tally) as Tally;
const rate = (times: number) => `${Math.round(times / junk.seconds)}/s`;
const lost =
  [...quiet, ...busy].filter(({ status }) => status !== 202).length +
  kept.filter((record, at) => record === undefined && !open.some(({ incidentId }) => incidentId === ids[at]))
    .length;
const line = (name: string, all: readonly Sent[]) =>
  `${name.padEnd(18)} ${all.length} webhooks: p50 ${percentile(all, 0.5).toFixed(0)} ms, p95 ${percentile(all, 0.95).toFixed(0)} ms, slowest ${percentile(all, 1).toFixed(0)} ms`;
console.log(`${line("without junk", quiet)}
${line("under junk", busy)}
junk               offered ${rate(junk.offered)}, sent ${rate(junk.sent)}, answered ${rate(junk.answered)}: ${junk.answers}
processor time     server ${used.toFixed(1)} s (the webhooks alone about ${((usedInQuiet / quiet.length) * busy.length).toFixed(1)} s), sender ${junk.cpuSeconds.toFixed(1)} s, of ${junk.seconds.toFixed(0)} s
lost               ${lost} (bar: 0)
afterwards         ready ${ready.status}, SIGTERM ends it with ${exit}`);
if (lost > 0 || ready.status !== 200 || exit !== 0) process.exitCode = 1;
