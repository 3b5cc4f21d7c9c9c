/**
 * Holds connections to a server for bench/doors.ts: `node bench/slow-sender.ts PORT KIND SECONDS TOPIC`. A connection that
 * the server closes is opened again.
 */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [port = 0] = process.argv.slice(2, 3).map(Number);
const [kind = "idle", seconds = "10", topic = ""] = process.argv.slice(3);

/** How many connections, what each says at first, and what it adds every second. */
const KINDS: Readonly<Record<string, { connections: number; first: string; more: string }>> = {
  idle: { connections: 5_000, first: "", more: "" },
  "slow headers": {
    connections: 1_000,
    first: "POST /webhooks/sns HTTP/1.1\r\nhost: x\r\n",
    more: "x-a: b\r\n",
  },
  "slow bodies": {
    connections: 1_000,
    first: `POST /webhooks/sns HTTP/1.1\r\nhost: x\r\nx-amz-sns-topic-arn: ${topic}\r\ncontent-length: 100000\r\n\r\n{`,
    more: " ",
  },
  "slow small bodies": {
    connections: 1_000,
    first: `POST /webhooks/sns HTTP/1.1\r\nhost: x\r\nx-amz-sns-topic-arn: ${topic}\r\ncontent-length: 1000\r\n\r\n{`,
    more: " ",
  },
};
const { connections, first, more } = KINDS[kind] ?? { connections: 0, first: "", more: "" };
let [open, opened, closed] = [0, 0, 0];

function hold(): void {
  open += 1;
  const socket = connect(port, "127.0.0.1");
  const adding = setInterval(() => socket.write(more), 1_000);
  socket.once("connect", () => {
    opened += 1;
    if (first !== "") socket.write(first);
  });
  socket.on("error", () => undefined).resume();
  socket.once("close", () => {
    clearInterval(adding);
    open -= 1;
    closed += 1;
  });
}

const end = performance.now() + Number(seconds) * 1_000;
while (performance.now() < end) {
  // A hundred at a time, so that the system's own queue of connections is not what is measured.
  for (let at = 0; at < 100 && open < connections; at += 1) hold();
  await sleep(10);
}
console.log(JSON.stringify({ answers: `${opened} opened, ${closed} closed by the server` }));
process.exit(0);
