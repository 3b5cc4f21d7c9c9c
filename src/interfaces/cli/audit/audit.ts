/** The audit trail on the command line: is it whole, and what does it say of an incident. */
import { type Command, InvalidArgumentError } from "commander";

/** Adds `audit verify` and `audit show`. Exit codes: 0 whole, 1 broken, 2 usage. */
export function addAuditCommands(program: Command, exit: (code: number) => void): void {
  const audit = program.command("audit").description("the append-only record of what OpsAgent did");

  audit
    .command("verify")
    .description(
      "check that no entry of the audit trail, and no event that it seals, was changed, removed or put in between",
    )
    .option("--head <hash>", "also check that this head, noted earlier, is still there", sealHash)
    .option("--json", "print JSON")
    .action(async (options: { head?: string; json?: boolean }) => {
      const { auditVerifyCommand } = await import("./audit-commands.ts");
      exit(await auditVerifyCommand(options));
    });

  audit
    .command("show <incident>")
    .description("show what the audit trail says of one incident, in order")
    .option("--json", "print JSON")
    .action(async (incidentId: string, options: { json?: boolean }) => {
      const { auditShowCommand } = await import("./audit-commands.ts");
      exit(await auditShowCommand(incidentId, options));
    });
}

function sealHash(text: string): string {
  const hash = text.toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new InvalidArgumentError("It must be 64 hexadecimal digits, as `opsagent audit verify` prints them.");
}
