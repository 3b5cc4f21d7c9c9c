import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { asOpsAgentError } from "../../domain/errors.ts";
import { failure } from "./answer.ts";
import type { McpSources } from "./sources.ts";

export interface McpTool {
  readonly name: string;
  register(server: McpServer, sources: McpSources): void;
}

/** Every tool only reads, and only what is on this machine or in the store. */
const ANNOTATIONS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** The id of a stored incident, in every tool that takes one. */
export const incidentId = z
  .string()
  .min(1)
  .max(200)
  .describe("Id of a stored incident, such as inc-20261123t070000-1a2b3c4d; list_incidents has them.");

/** Where a list goes on: `next_offset` of the answer before. */
export const offset = z.int().min(0).max(1_000_000).default(0).describe("`next_offset` of the page before.");

/** One tool: its schema, and what it answers. What `run` throws becomes a tool error. */
export function defineTool<Input extends z.ZodObject>(tool: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Strict, so that a misspelt argument is an error and not ignored. */
  readonly input: Input;
  /** What `structuredContent` has beside the notice; absent for a tool that answers with a text. */
  readonly output?: z.ZodObject;
  run(input: z.infer<Input>, sources: McpSources): Promise<CallToolResult>;
}): McpTool {
  const { name, title, description, input, output } = tool;
  return {
    name,
    register(server, sources) {
      server.registerTool(
        name,
        {
          title,
          description,
          inputSchema: input as z.ZodObject,
          annotations: { title, ...ANNOTATIONS },
          ...(output === undefined ? {} : { outputSchema: output }),
        },
        async (args) => {
          try {
            return await tool.run(args as z.infer<Input>, sources);
          } catch (thrown) {
            const error = asOpsAgentError(thrown);
            if (error.code === "internal" || error.code === "store-failed") sources.onFault(error);
            return failure(error);
          }
        },
      );
    },
  };
}
