/** Config -> the key that seals the audit trail, and the store that seals with it. */
import { createAuditKeyFile } from "../adapters/audit-key-file/audit-key-file.ts";
import { createAuditKeyKms } from "../adapters/audit-key-kms/audit-key-kms.ts";
import type { AuditKey } from "../audit/ports.ts";
import { createSealing, type Sealing, sealingStore } from "../audit/sealing.ts";
import { type AuditSeal, sealWord } from "../domain/incident/audit-seal.ts";
import type { IncidentStore, Logger } from "../domain/ports.ts";
import type { Config } from "./config.ts";

/** Undefined where the trail is not to be sealed. Nothing is read or made before it is used. */
export function auditKeyOf({ auditKey, aws }: Pick<Config, "auditKey" | "aws">): AuditKey | undefined {
  if (auditKey.kind === "none") return undefined;
  if (auditKey.kind === "file") return createAuditKeyFile(auditKey.path);
  const { region, endpoint } = aws;
  return createAuditKeyKms(auditKey.id, { region, ...(endpoint === undefined ? {} : { endpoint }) });
}

/** The store, sealing its trail, each seal a line of the log; `onSealed` beside it. */
export function wireSealing<S extends IncidentStore>(
  config: Pick<Config, "auditKey" | "aws">,
  store: S,
  logger: Logger | undefined,
  onSealed: (seal: AuditSeal) => void = () => {},
): { readonly store: S; readonly sealing: Sealing } {
  const sealing = createSealing(store, {
    key: auditKeyOf(config),
    now: () => new Date(),
    onSealed: (seal) => {
      logger?.info("audit-sealed", { entries: seal.seq, seal: sealWord(seal, "whole") });
      onSealed(seal);
    },
    onNotSealed: ({ message, remedy }) => logger?.error("audit-not-sealed", { problem: message, remedy }),
  });
  return { store: sealingStore(store, sealing), sealing };
}
