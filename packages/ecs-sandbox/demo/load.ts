/**
 * The load generator: sends requests to `LOAD_URL` at `LOAD_RATE` a second. Takes `{rate}` and answers
 * `{sent, succeeded, failed}` every second, both over IPC.
 */
import { Agent, get } from "node:http";

const url = process.env["LOAD_URL"] ?? "";
const agent = new Agent({ keepAlive: true });
const counts = { sent: 0, succeeded: 0, failed: 0 };
let rate = Number(process.env["LOAD_RATE"] ?? "10");
let due = 0;
let last = performance.now();

function send(): void {
  counts.sent += 1;
  const path = counts.sent % 5 === 0 ? `/products/${1000 + (counts.sent % 97)}` : "/checkout";
  const call = get(`${url}${path}`, { agent, timeout: 8000 }, (answer) => {
    answer.resume();
    if ((answer.statusCode ?? 500) < 500) counts.succeeded += 1;
    else counts.failed += 1;
  });
  call.on("timeout", () => call.destroy(new Error("timeout")));
  call.on("error", () => {
    counts.failed += 1;
  });
}

setInterval(() => {
  const now = performance.now();
  // After a pause of the machine the missed requests are not made up for.
  due += Math.min(now - last, 250) * (rate / 1000);
  last = now;
  for (; due >= 1; due -= 1) send();
}, 20);

setInterval(() => process.send?.({ ...counts, rate }), 1000);
process.on("message", (message) => {
  rate = (message as { readonly rate: number }).rate;
});
process.on("disconnect", () => process.exit(0));
