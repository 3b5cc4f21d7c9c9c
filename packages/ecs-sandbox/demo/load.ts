/**
 * The load generator: sends requests to `LOAD_URL` at `LOAD_RATE` a second, each as a new client. Takes `{rate}` and
 * `{client}`, the rate of one client that keeps its cookies, and answers `{sent, succeeded, failed}` every second, all
 * over IPC.
 */
import { Agent, get } from "node:http";

const url = process.env["LOAD_URL"] ?? "";
const agent = new Agent({ keepAlive: true });
const counts = { sent: 0, succeeded: 0, failed: 0 };
let rate = Number(process.env["LOAD_RATE"] ?? "10");
let due = 0;
let clientRate = 0;
let clientDue = 0;
let cookies = "";
let last = performance.now();

function send(isClient: boolean): void {
  counts.sent += 1;
  const path = counts.sent % 5 === 0 ? `/products/${1000 + (counts.sent % 97)}` : "/checkout";
  const headers = isClient && cookies !== "" ? { cookie: cookies } : {};
  const call = get(`${url}${path}`, { agent, timeout: 8000, headers }, (answer) => {
    answer.resume();
    const set = answer.headers["set-cookie"];
    if (isClient && set) cookies = set.map((one) => one.split(";")[0]).join("; ");
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
  const passed = Math.min(now - last, 250) / 1000;
  due += passed * rate;
  clientDue += passed * clientRate;
  last = now;
  for (; due >= 1; due -= 1) send(false);
  for (; clientDue >= 1; clientDue -= 1) send(true);
}, 20);

setInterval(() => process.send?.({ ...counts, rate }), 1000);
process.on("message", (message) => {
  const change = message as { readonly rate?: number; readonly client?: number };
  rate = change.rate ?? rate;
  clientRate = change.client ?? clientRate;
});
process.on("disconnect", () => process.exit(0));
