/** Sends junk to a server: `node bench/junk-sender.ts PORT PER_SECOND SECONDS TOPIC`. Prints what came back. */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [port, perSecond = 1_000, seconds = 10] = process.argv.slice(2, 5).map(Number);
const topic = process.argv[5] ?? "";
const agent = new Agent({ keepAlive: true, maxSockets: 100 });
const forged = JSON.stringify({
  Type: "Notification",
  MessageId: "junk",
  TopicArn: topic,
  Message: "{}",
  Timestamp: new Date().toISOString(),
  SignatureVersion: "2",
  Signature: "AAAA",
  SigningCertURL: "https://evil.example/x.pem",
});

interface Junk {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What strangers send: no secret, a wrong one, forged messages, too much, addresses that are not there. */
const KINDS: readonly Junk[] = [
  { method: "POST", path: "/webhooks/alertmanager", body: "{}" },
  {
    method: "POST",
    path: "/webhooks/grafana",
    headers: { authorization: "Bearer guess-guess-guess-guess" },
    body: "{}",
  },
  { method: "POST", path: "/webhooks/sns", headers: { "x-amz-sns-topic-arn": topic }, body: forged },
  {
    method: "POST",
    path: "/webhooks/sns",
    headers: { "x-amz-sns-topic-arn": "arn:aws:sns:x" },
    body: forged,
  },
  { method: "POST", path: "/webhooks/eventbridge", body: "x".repeat(20_000) },
  { method: "POST", path: "/slack/actions", headers: { "x-slack-signature": "v0=00" }, body: "payload={}" },
  { method: "POST", path: "/events", body: "{" },
  { method: "GET", path: "/wp-login.php" },
  { method: "GET", path: "/.env" },
  { method: "POST", path: "/webhooks/alertmanager", headers: { "content-length": "99999999" } },
];

const statuses = new Map<string, number>();
const count = (what: string) => statuses.set(what, (statuses.get(what) ?? 0) + 1);
let sent = 0;
let under = 0;

function send({ method, path, headers = {}, body }: Junk): void {
  sent += 1;
  under += 1;
  let answered = false;
  const over = () => {
    under -= 1;
  };
  const going = request({ host: "127.0.0.1", port, method, path, headers, agent }, (answer) => {
    answered = true;
    count(String(answer.statusCode));
    answer.resume().once("close", over);
    if (headers["content-length"] !== undefined) going.destroy();
  });
  going.once("error", (error: NodeJS.ErrnoException) => {
    if (answered) return;
    count(error.code ?? "error");
    over();
  });
  going.setTimeout(20_000, () => going.destroy());
  if (headers["content-length"] === undefined) going.end(body);
  else going.write("x");
}

const began = performance.now();
while (performance.now() - began < seconds * 1_000) {
  const due = Math.floor(((performance.now() - began) / 1_000) * perSecond);
  // What a slow server did not take yet is not asked of it a second time.
  while (sent < due && under < 2_000) send(KINDS[sent % KINDS.length] as Junk);
  await sleep(5);
}
const took = (performance.now() - began) / 1_000;
await sleep(500);
const answers = [...statuses].map(([status, times]) => `${times} x ${status}`).join(", ");
console.log(`${sent} requests in ${took.toFixed(1)} s (${Math.round(sent / took)} a second): ${answers}`);
process.exit(0);
