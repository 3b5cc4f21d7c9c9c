/**
 * `opsagent serve` for bench/doors.ts, in a process of its own: `node bench/sns-server.ts CERTIFICATE_FILE`. The only
 * difference is that SNS's certificate comes from the file, since nothing here can sign as Amazon does.
 */
import { readFileSync } from "node:fs";
import { boundMemory } from "../src/interfaces/cli/serve/bounded-memory.ts";
import { startServer } from "../src/interfaces/cli/serve/serve.ts";
import { compose } from "../src/wiring/compose.ts";
import { readConfig } from "../src/wiring/read-config.ts";

boundMemory();
const pem = readFileSync(process.argv[2] ?? "", "utf8");
const result = readConfig();
if (!result.ok) throw new Error(result.problems.join("; "));
const { config } = result;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const agent = compose(config, { logger: quiet });
const server = await startServer(agent, {
  host: "127.0.0.1",
  port: 0,
  config,
  logger: quiet,
  fetch: async () => new Response(pem),
});
process.stdout.write(`${server.port}\n`);
process.once("SIGTERM", async () => {
  await server.close();
  await agent.stop();
});
