/**
 * Genuine SNS messages to `opsagent serve` while strangers attack it over real sockets: `node bench/doors.ts [SECONDS]`
 * for each attack. The genuine ones come on connections of their own, as SNS's do, ten a second, and are not repeated,
 * although SNS would. The bar: at least 99 % are accepted at the first try.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createSnsSender, TOPIC } from "../test/support/sns-sender.ts";

const [seconds = 8] = process.argv.slice(2, 3).map(Number);
const EVERY_MS = 100;
const BAR = 0.99;
const junk = (kind: string, perSecond: number) => ["junk-sender.ts", String(perSecond), kind] as const;

/** Each attack, and the sender that makes it. */
const ATTACKS: readonly (readonly [name: string, sender: readonly string[]])[] = [
  ["nothing", []],
  ["slow headers, 1 000 sockets", ["slow-sender.ts", "slow headers"]],
  ["slow bodies of 100 KB under a listed topic, 1 000 sockets", ["slow-sender.ts", "slow bodies"]],
  ["slow bodies of 1 KB under a listed topic, 1 000 sockets", ["slow-sender.ts", "slow small bodies"]],
  ["5 000 idle connections", ["slow-sender.ts", "idle"]],
  ["1 000 junk requests a second", junk("mixed", 1_000)],
  ["JSON of 1 MB under a listed topic, 20 a second", junk("large", 20)],
  ["JSON 250 000 deep under a listed topic, 20 a second", junk("deep", 20)],
  ["gzip of 100 MB under a listed topic, 200 a second", junk("gzip", 200)],
];

const folder = mkdtempSync(join(tmpdir(), "doors-"));
const sns = createSnsSender(() => new Date());
const certificate = join(folder, "sns.pem");
writeFileSync(certificate, sns.signer.certificate.toString());

interface Sent {
  readonly ms: number;
  readonly status: number;
}

function send(port: number, name: string): Promise<Sent> {
  const alarm = { AlarmName: name, NewStateValue: "ALARM", StateChangeTime: new Date().toISOString() };
  const body = JSON.stringify(sns.message({ Message: JSON.stringify(alarm) }));
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (status: number) => resolve({ ms: performance.now() - began, status });
    const sent = request({
      host: "127.0.0.1",
      port,
      path: "/webhooks/sns",
      method: "POST",
      agent: false,
      headers: { "x-amz-sns-topic-arn": TOPIC, "content-length": Buffer.byteLength(body) },
    });
    // SNS gives up after fifteen seconds.
    sent.setTimeout(15_000, () => sent.destroy());
    sent.once("response", (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    });
    sent.once("error", () => done(0));
    sent.end(body);
  });
}

async function genuine(port: number, kind: string): Promise<Sent[]> {
  const sent: Promise<Sent>[] = [];
  const end = performance.now() + seconds * 1_000;
  for (let at = 0; performance.now() < end; at += 1) {
    sent.push(send(port, `${kind}-${at}`));
    await sleep(EVERY_MS);
  }
  return Promise.all(sent);
}

const percentile = (all: readonly Sent[], share: number) =>
  all.map(({ ms }) => ms).toSorted((one, other) => one - other)[Math.ceil(all.length * share) - 1] ?? 0;

/** Runs one attack against a server of its own and returns the line of the table. */
async function measure(name: string, [file, ...given]: readonly string[], index: number): Promise<string> {
  const server = spawn(process.execPath, [join(import.meta.dirname, "sns-server.ts"), certificate], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      OPSAGENT_STORE: `sqlite:${join(folder, `store-${index}.db`)}`,
      OPSAGENT_DIAGNOSER: "rules",
      OPSAGENT_SNS_TOPICS: TOPIC,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(server.stdout.setEncoding("utf8"), "data");
  const port = Number(said);
  await send(port, "warm-up");
  let tally = "";
  let attack: ReturnType<typeof spawn> | undefined;
  if (file !== undefined) {
    const argv =
      file === "junk-sender.ts"
        ? [String(port), given[0] ?? "", String(seconds + 1), TOPIC, given[1] ?? ""]
        : [String(port), given[0] ?? "", String(seconds + 1), TOPIC];
    attack = spawn(process.execPath, [join(import.meta.dirname, file), ...argv], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    attack.stdout?.setEncoding("utf8").on("data", (text: string) => {
      tally += text;
    });
    await sleep(1_000);
  }
  const closed = attack && once(attack, "close");
  const all = await genuine(port, `attack-${index}`);
  await closed;
  server.kill("SIGTERM");
  await once(server, "exit");
  const share = all.filter(({ status }) => status === 202).length / all.length;
  if (share < BAR) process.exitCode = 1;
  const { answers = "" } = tally === "" ? {} : (JSON.parse(tally) as { answers?: string });
  const figures = [
    `${(share * 100).toFixed(1)} % of ${all.length}`,
    ...[0.5, 0.95, 1].map((part) => `${percentile(all, part).toFixed(0)} ms`),
  ];
  return `| ${[name, ...figures, answers].join(" | ")} |`;
}

console.log(`Load average ${loadavg()
  .map((one) => one.toFixed(1))
  .join(", ")} on ${cpus().length} processors; bar: ${BAR * 100} %

| while there is | genuine accepted | p50 | p95 | slowest | what strangers got |
| --- | --- | --- | --- | --- | --- |`);
for (const [index, [name, sender]] of ATTACKS.entries()) console.log(await measure(name, sender, index));
rmSync(folder, { recursive: true, force: true });
