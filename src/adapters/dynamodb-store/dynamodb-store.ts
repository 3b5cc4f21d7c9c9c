import { lockKeyOfService } from "../../domain/alert-grouping.ts";
import type { OpsAgentError } from "../../domain/errors.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import { createActionLedger } from "./action-ledger.ts";
import { createApprovalBook } from "./approval-book.ts";
import { createAuditSeals } from "./audit-seals.ts";
import { createAuditTrail } from "./audit-trail.ts";
import { createBrake } from "./brake.ts";
import { createClaims } from "./claims.ts";
import { createDecide } from "./decide.ts";
import { createIncidentEvents } from "./incident-events.ts";
import { createIncidentRecords } from "./incident-records.ts";
import { createJudgementList } from "./judgement-list.ts";
import { createMessageBook } from "./message-book.ts";
import { createOpenIncidents } from "./open-incidents.ts";
import { createPolicyVersions } from "./policy-versions.ts";
import { createTable, type TableSettings } from "./table.ts";
import { createUnreadableEvents } from "./unreadable-events.ts";

export interface DynamoDbStoreSettings extends TableSettings {
  /**
   * Told of each incident that a list had to leave out because it cannot be read any more, and once of each whose
   * record is damaged and made anew from its events.
   */
  readonly onUnreadable?: (problem: OpsAgentError) => void;
}

/**
 * The incident store in one DynamoDB table (two string keys, no index), shared by any number of processes and Lambdas.
 * Texts are redacted on the way in, records parsed on the way out. Every method throws {@link OpsAgentError}
 * `store-failed`; opening does not, since nothing is called before the first method is. Names that guardrails compare
 * (service, cluster, claim keys) are kept as they are.
 *
 * There are no transactions: each decision is one conditional write on one item, and what follows from it is written
 * beside it so that a crash in between is repaired by the next call, or at worst refuses more than it had to.
 */
export function createDynamoDbStore(
  table: string,
  { onUnreadable = () => undefined, ...settings }: DynamoDbStoreSettings,
): IncidentStore & { close(): void } {
  const items = createTable(table, settings);
  const decide = createDecide(items);
  const { seal, sealsOf, ...trail } = createAuditTrail(items);
  const { saveFold, foldOf, ...records } = createIncidentRecords(items, decide, onUnreadable, (id) =>
    foldedAnew(id),
  );
  const { withAttached, foldedAnew, ...events } = createIncidentEvents(
    items,
    { seal, sealsOf },
    { saveFold, foldOf },
  );
  const { placeState, ...openIncidents } = createOpenIncidents(items, decide);
  return {
    ...events,
    ...records,
    get: async (id) => {
      const record = await records.get(id);
      return record && withAttached(record);
    },
    ...createUnreadableEvents(items),
    ...openIncidents,
    ...createClaims(items),
    ...createActionLedger(items, decide, (target) => placeState(lockKeyOfService(target))),
    ...createApprovalBook(items, decide, events),
    ...createMessageBook(items),
    ...trail,
    ...createAuditSeals(items),
    ...createJudgementList(items),
    ...createBrake(items, decide, { seal }),
    ...createPolicyVersions(items, { seal }),
    close: items.close,
  };
}
