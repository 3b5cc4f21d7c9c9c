/** Runs the sandbox: prints one JSON line with its two addresses, ends on SIGTERM, SIGINT or the end of its parent. */
import { fstatSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readScenarios } from "./control/scenario.ts";
import { createControlServer } from "./control/server.ts";
import { pushDemoImages } from "./demo/images.ts";
import { createRange } from "./range.ts";
import { createTelemetry } from "./telemetry/telemetry.ts";
import { localWorld } from "./world.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
const telemetry = createTelemetry(localWorld);
const range = createRange({
  metricSink: telemetry.metrics,
  logSink: telemetry.logs,
  extraServices: telemetry.services,
  eventSink: telemetry.sendEvent,
  onConditions: ({ metrics, logs, notifications, alarmEvents }) =>
    telemetry.setConditions({ metrics, logs, notifications, alarmEvents }),
});
pushDemoImages(range.images);
const control = createControlServer({
  range,
  scenarios: readScenarios(join(import.meta.dirname, "faults")),
  registerFunction: telemetry.registerFunction,
  stop: () => void shutDown(0),
});
let ending = false;

async function shutDown(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await control.close();
  await range.stop();
  await telemetry.stop();
  process.exit(code);
}

process.once("SIGTERM", () => void shutDown(0));
process.once("SIGINT", () => void shutDown(0));
process.once("uncaughtException", (error) => {
  console.error(error);
  void shutDown(1);
});
// The end of a piped stdin is the parent's end. A terminal or /dev/null is ignored.
const stdin = fstatSync(0);
if (stdin.isFIFO() || stdin.isSocket()) {
  process.stdin.resume().once("close", () => void shutDown(0));
}

telemetry.start();
const endpoint = await range.start(Number(values.port));
console.log(JSON.stringify({ endpoint, control: await control.listen() }));
