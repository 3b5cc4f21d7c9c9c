/** A telemetry agent, as a sidecar of the demo services: takes nothing, and cannot export to `EXPORT_URL`. */
import { call } from "./call.ts";
import { listenForFaults } from "./faults.ts";
import { log } from "./log.ts";
import { warmCache } from "./warm-cache.ts";

const exportUrl = process.env["EXPORT_URL"] ?? "";
let dropped = 0;

log("INFO", "agent", "telemetry agent 0.108.1 started, pipelines traces, metrics, logs");
warmCache();
listenForFaults();
process.on("SIGTERM", () => process.exit(143));

setInterval(() => {
  if (exportUrl === "") return;
  call({ method: "POST", url: `${exportUrl}/v1/traces`, timeoutMs: 800 }).catch((error: Error) => {
    dropped += 127;
    log(
      "ERROR",
      "exporter",
      `exporting failed, dropping data: Post "${exportUrl}/v1/traces": ${error.message}, dropped_items=${dropped}`,
    );
  });
}, 500);
