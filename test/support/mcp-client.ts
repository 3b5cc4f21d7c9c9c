/** A real client of `opsagent mcp`, which runs as a process of its own. */
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { childEnvironment } from "./child-environment.ts";

const entry = join(import.meta.dirname, "../../src/interfaces/cli/main.ts");

export interface ToolAnswer {
  readonly isError: boolean;
  /** All text blocks, one after another. */
  readonly text: string;
  /** Its `structuredContent`; empty where there is none. */
  readonly data: Record<string, unknown>;
}

export interface Assistant {
  readonly client: Client;
  call(name: string, input?: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** Starts the server in a folder, with nothing of this process's environment but PATH, and says hello to it. */
export async function startAssistant(
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<Assistant> {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [entry, "mcp"],
    env: { ...childEnvironment(), OPSAGENT_DIAGNOSER: "rules", ...variables },
    cwd,
    stderr: "ignore",
  });
  await client.connect(transport);
  // With the list the client knows every output schema, and holds each answer against it.
  await client.listTools();
  return {
    client,
    async call(name, input = {}) {
      const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: input }));
      const text = result.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
      return { isError: result.isError === true, text, data: result.structuredContent ?? {} };
    },
    close: () => client.close(),
  };
}
