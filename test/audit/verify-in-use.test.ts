/** The check of a store that is in use: what comes while it reads is no finding. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createAuditKeyFile } from "../../src/adapters/audit-key-file/audit-key-file.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { createSealing, sealingStore } from "../../src/audit/sealing.ts";
import { verifyStore } from "../../src/audit/verify-store.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { incidentStream } from "../samples/incident-events.ts";
import { writeSealedHistory } from "../support/sealed-history.ts";
import { fastClock } from "../support/small-world.ts";

it("finds nothing wrong where incidents end and seals come between its reads", async () => {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-in-use-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = createSqliteStore(join(folder, "store.db"));
  await writeSealedHistory(store, join(folder, "key"));
  const key = createAuditKeyFile(join(folder, "key"));
  const used = sealingStore(store, createSealing(store, { key, now: () => new Date(fastClock()) }));
  let number = 0;
  // Before every read of the check something else is appended and sealed.
  const busy = new Proxy(store, {
    get(target, name: keyof IncidentStore) {
      const method = target[name] as (...given: unknown[]) => unknown;
      return async (...given: unknown[]) => {
        if (["entries", "seals", "get", "summaries", "pauses"].includes(name) && number < 40) {
          number += 1;
          const events = incidentStream(`inc-busy-${number}`).filter(
            ({ kind }) => kind === "opened" || kind === "evidence-collected" || kind === "closed",
          );
          await used.append(events);
          if (number === 20) {
            const at = new Date(fastClock()).toISOString();
            await used.pause({ scope: { kind: "all" }, by: "ann", at, via: "cli" });
          }
        }
        return method.apply(target, given);
      };
    },
  });

  const now = new Date(fastClock()).toISOString();
  const verdict = await verifyStore(busy, { publicKeys: [await key.publicKey()], noted: [], now });

  expect(verdict.findings).toEqual([]);
  expect(verdict.outcome).toBe("whole");
});
