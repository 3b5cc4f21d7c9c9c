import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Logger } from "../../../domain/ports.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { createMcpServer } from "../../mcp/server.ts";
import { type McpSources, onlyReading } from "../../mcp/sources.ts";
import { EXIT } from "../exit-code.ts";
import { storeExists, withStore } from "../open-store.ts";
import { complain, stderrLog, usableConfig } from "../terminal.ts";

/**
 * Speaks MCP on standard input and output until the input ends, SIGINT or SIGTERM: then returns 0; what was asked by then
 * is still answered. Returns 1 where the connection broke. Everything that is not protocol goes to standard error.
 */
export async function mcpCommand(): Promise<number> {
  const logger = stderrLog();
  const server = createMcpServer(sourcesOf(logger));
  const { promise, resolve } = Promise.withResolvers<number>();
  const stop = () => {
    resolve(EXIT.done);
    void server.close();
  };
  // The end of the input leaves the server as it is: the process ends when the last answer is written.
  process.stdin.once("end", () => resolve(EXIT.done)).once("close", () => resolve(EXIT.done));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  server.server.onclose = () => resolve(EXIT.failed);
  server.server.onerror = (error) =>
    logger.warn("mcp-message-unreadable", { problem: error.message.slice(0, 300) });
  if (process.stdin.isTTY) complain(TO_A_PERSON);
  await server.connect(new StdioServerTransport());
  return promise;
}

const TO_A_PERSON =
  "This is an MCP server: an assistant starts it and talks to it here. docs/mcp.md says how; Ctrl-C ends it.";

function sourcesOf(logger: Logger): McpSources {
  return {
    settings() {
      const { policy, mode, cluster } = usableConfig(readConfig());
      return { policy, ceiling: mode, cluster };
    },
    storeExists,
    read: (work) => withStore((store) => work(onlyReading(store))),
    onFault: ({ code, message }) => logger.error("mcp-tool-failed", { code, message }),
  };
}
