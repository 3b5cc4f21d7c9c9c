import { recordToStore } from "../../domain/incident/stored-record.ts";
import { PolicyVersion, publishedEntry, versionToKeep } from "../../domain/policy-version.ts";
import type { PolicyVersions } from "../../domain/ports.ts";
import type { Sealer } from "./audit-trail.ts";
import { untilDecided } from "./backoff.ts";
import { jsonField } from "./decide.ts";
import type { Item, Table } from "./table.ts";

const LIST = "policy-versions";
const DEFAULT_LIMIT = 100;
const place = (version: number) => ({ pk: LIST, sk: String(version).padStart(12, "0") });

/**
 * One item for each version, keyed by its number and written where none is; no item is ever changed or removed. A version
 * counts before its entry in the audit trail is written: whoever is killed in between is not answered, and the entry
 * is written with the next version.
 */
export function createPolicyVersions(table: Table, { seal }: Pick<Sealer, "seal">): PolicyVersions {
  const newest = async (limit: number): Promise<readonly PolicyVersion[]> => {
    const versions: PolicyVersion[] = [];
    if (limit === 0) return versions;
    for await (const item of table.query({ pk: LIST, newestFirst: true, pageSize: limit })) {
      versions.push(versionOf(item));
      if (versions.length === limit) break;
    }
    return versions;
  };

  return {
    publishPolicy: async (given) => {
      const kept = await untilDecided("publish a policy", async () => {
        const [last] = await newest(1);
        if (last !== undefined) await seal(publishedEntry(last));
        const next = versionToKeep((last?.version ?? 0) + 1, given);
        const record = recordToStore(PolicyVersion, next, "policy version");
        return (await table.create({ ...place(next.version), record })) ? { decided: next } : "lost";
      });
      await seal(publishedEntry(kept));
      return kept;
    },

    newestPolicy: async () => (await newest(1))[0],

    policyVersions: (limit = DEFAULT_LIMIT) => newest(Math.max(0, Math.trunc(limit))),
  };
}

function versionOf(item: Item): PolicyVersion {
  return jsonField(PolicyVersion, item, "record", `The policy version ${item.sk} cannot be read`);
}
