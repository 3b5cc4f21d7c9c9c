/**
 * Sends junk to a server: `node bench/junk-sender.ts PORT PER_SECOND SECONDS TOPIC [KIND]`. Prints the responses as JSON.
 * The bytes are built beforehand and sent over plain sockets, so that the sender is not the limit.
 */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

const [port = 0, perSecond = 1_000, seconds = 10] = process.argv.slice(2, 5).map(Number);
const topic = process.argv[5] ?? "";
const kind = process.argv[6] ?? "mixed";
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
  readonly body?: string | Buffer;
}

const listed = { "x-amz-sns-topic-arn": topic };
/** Bodies that cost something to read, where a listed topic is named: nobody needs a secret for that. */
const COSTLY: Readonly<Record<string, () => Junk>> = {
  large: () => ({
    method: "POST",
    path: "/webhooks/sns",
    headers: listed,
    body: forged.replace('"{}"', `"${"x".repeat(1_024 * 1_024 - 1_000)}"`),
  }),
  deep: () => ({
    method: "POST",
    path: "/webhooks/sns",
    headers: listed,
    body: `${"[".repeat(250_000)}${"]".repeat(250_000)}`,
  }),
  gzip: () => ({
    method: "POST",
    path: "/webhooks/sns",
    headers: { ...listed, "content-encoding": "gzip" },
    body: gzipSync(Buffer.alloc(100 * 1_024 * 1_024)),
  }),
};

/** Kinds of junk: no secret, a wrong one, forged messages, too large, unknown addresses. */
const MIXED: readonly Junk[] = [
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
  { method: "POST", path: "/webhooks/alertmanager", headers: { "content-length": "99999999" }, body: "x" },
];

/** Its bytes, and whether its body was never sent whole, so that its connection is of no more use. */
const REQUESTS = (kind === "mixed" ? MIXED : [COSTLY[kind]?.()].filter((one) => one !== undefined)).map(
  ({ method, path, headers = {}, body = "" }) => {
    const all = { host: `127.0.0.1:${port}`, "content-length": String(Buffer.byteLength(body)), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    const head = Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
    const bytes = Buffer.concat([head, Buffer.from(body)]);
    return { bytes, ends: headers["content-length"] !== undefined };
  },
);
type Request = (typeof REQUESTS)[number];

const CONNECTIONS = 100;
const statuses = new Map<string, number>();
const count = (what: string) => statuses.set(what, (statuses.get(what) ?? 0) + 1);
const idle: ((request: Request) => void)[] = [];
let connections = 0;
let answered = 0;

/** A connection carries one request at a time; it is `idle` when it can take one. */
function open(): void {
  connections += 1;
  const socket = connect(port, "127.0.0.1");
  let waiting: Request | undefined;
  let text = "";
  const send = (request: Request) => {
    waiting = request;
    text = "";
    socket.write(request.bytes);
  };
  socket.setNoDelay(true);
  socket.once("connect", () => idle.push(send));
  socket.setEncoding("latin1").on("data", (part: string) => {
    text += part;
    if (waiting === undefined || !isWhole(text)) return;
    count(text.slice(9, 12));
    answered += 1;
    const ends = waiting.ends || /\r\nconnection: *close/i.test(text);
    waiting = undefined;
    if (ends) socket.destroy();
    else idle.push(send);
  });
  socket.on("error", () => undefined);
  socket.setTimeout(20_000, () => socket.destroy());
  socket.once("close", () => {
    connections -= 1;
    if (waiting !== undefined) count("closed without an answer");
    const at = idle.indexOf(send);
    if (at >= 0) idle.splice(at, 1);
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end + 2))?.[1];
  return length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= end + 4 + Number(length);
}

let sent = 0;
const began = performance.now();
const elapsed = () => (performance.now() - began) / 1_000;
while (elapsed() < seconds) {
  while (connections < CONNECTIONS) open();
  const due = Math.floor(elapsed() * perSecond);
  while (sent < due) {
    // Requests that a slow server did not accept are sent later, and show as fewer than offered.
    const send = idle.shift();
    if (send === undefined) break;
    send(REQUESTS[sent % REQUESTS.length] as Request);
    sent += 1;
  }
  await sleep(2);
}
const took = elapsed();
await sleep(500);
const { user, system } = process.cpuUsage();
const answers = [...statuses].map(([status, times]) => `${times} x ${status}`).join(", ");
console.log(
  JSON.stringify({
    offered: Math.floor(took * perSecond),
    sent,
    answered,
    seconds: took,
    cpuSeconds: (user + system) / 1e6,
    answers,
  }),
);
process.exit(0);
