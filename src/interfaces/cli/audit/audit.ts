/** The audit trail on the command line: is it whole, and what does it say of an incident. */
import { type Command, InvalidArgumentError } from "commander";
import type { VerifyOptions } from "./audit-inputs.ts";

/** Adds `audit verify`, `show`, `seal` and `key`. Exit codes: 0 whole, 1 not whole, 2 usage. */
export function addAuditCommands(program: Command, exit: (code: number) => void): void {
  const audit = program.command("audit").description("the append-only record of what OpsAgent did");

  audit
    .command("verify")
    .description(
      "check that nothing in the store was changed, removed or put in: entries, the events that they seal, seals, records, approvals, actions",
    )
    .option("--head <hash>", "also check that this head, noted earlier, is still there", sealHash)
    .option(
      "--published <file>",
      "also check the seals in this text (a log, messages); - is standard input",
      many,
    )
    .option(
      "--public-key <file>",
      "check seals with this public key, also where the private one is not",
      many,
    )
    .option("--json", "print JSON")
    .action(async (options: VerifyOptions & { json?: boolean }) => {
      const { auditVerifyCommand } = await import("./audit-commands.ts");
      exit(await auditVerifyCommand(options));
    });

  audit
    .command("seal")
    .description("seal the audit trail as it is now and print the seal, to be noted elsewhere")
    .option("--new-key", "make a key where the old one is lost; keep its public key for the old seals")
    .option("--json", "print JSON")
    .action(async (options: { newKey?: boolean; json?: boolean }) => {
      const { auditSealCommand } = await import("./audit-commands.ts");
      exit(await auditSealCommand(options));
    });

  audit
    .command("key")
    .description("print the public key that checks the seals")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => {
      const { auditKeyCommand } = await import("./audit-commands.ts");
      exit(await auditKeyCommand(options));
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

function many(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
