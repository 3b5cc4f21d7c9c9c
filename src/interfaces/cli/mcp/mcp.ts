/** The command that lets an engineer's assistant ask. */
import type { Command } from "commander";

/** Adds `mcp` to the program. `exit` is told the exit code. */
export function addMcpCommand(program: Command, exit: (code: number) => void): void {
  program
    .command("mcp")
    .description(
      "answer an assistant's questions about incidents over standard input and output (MCP); it can only read",
    )
    .option("--json", "the protocol is JSON anyway")
    .action(async () => {
      const { mcpCommand } = await import("./serve-mcp.ts");
      exit(await mcpCommand());
    });
}
