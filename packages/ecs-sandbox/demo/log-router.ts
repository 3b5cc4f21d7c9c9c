/** A log router, as a sidecar of the demo services: the sandbox moves the lines, this process prints what a router prints. */
import { call } from "./call.ts";
import { listenForFaults } from "./faults.ts";

/** An output beside CloudWatch, which may not answer. */
const outputUrl = process.env["OUTPUT_URL"] ?? "";

function print(level: string, text: string): void {
  const at = new Date().toISOString().replace("T", " ").replaceAll("-", "/").slice(0, 19);
  console.log(`[${at}] [${level.padStart(5)}] ${text}`);
}

print("info", "[fluent bit] version=1.9.10, commit=2a8644893d, pid=1");
print("info", "[output:cloudwatch_logs:cloudwatch_logs.1] worker #0 started");
listenForFaults();
process.on("SIGTERM", () => {
  print("info", "[engine] service will shutdown in max 5 seconds");
  process.exit(143);
});

let connection = 40;
setInterval(() => {
  if (outputUrl === "") return;
  const { hostname, port } = new URL(outputUrl);
  call({ method: "POST", url: `${outputUrl}/v1/logs`, timeoutMs: 800 }).catch(() => {
    connection += 1;
    print(
      "error",
      `[upstream] connection #${connection} to tcp://${hostname}:${port} timed out after 10 seconds (connection timeout)`,
    );
    print("warn", `[engine] failed to flush chunk '1-${Date.now()}.${connection}.flb', retry in 9 seconds`);
  });
}, 1000);
