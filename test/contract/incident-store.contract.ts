import { afterEach, beforeEach, describe } from "vitest";
import { actionLedgerContract } from "./incident-store/action-ledger.ts";
import { admissionStormContract } from "./incident-store/admission-storm.ts";
import { approvalsContract } from "./incident-store/approvals.ts";
import { auditTrailContract } from "./incident-store/audit-trail.ts";
import { brakeContract } from "./incident-store/brake.ts";
import { damagedStoreContract } from "./incident-store/damaged-store.ts";
import { incidentEventsContract } from "./incident-store/incident-events.ts";
import { judgementsContract } from "./incident-store/judgements.ts";
import { messagesContract } from "./incident-store/messages.ts";
import { openIncidentsContract } from "./incident-store/open-incidents.ts";
import { policyVersionsContract } from "./incident-store/policy-versions.ts";
import { recordsContract } from "./incident-store/records.ts";
import type { StoreUnderTest } from "./incident-store/store-under-test.ts";

export type { StoreUnderTest } from "./incident-store/store-under-test.ts";

/** What every incident store does; run it for each implementation. */
export function incidentStoreContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`incident store: ${name}`, () => {
    let current: StoreUnderTest;
    const under = () => current;

    beforeEach(async () => {
      current = await create();
    });

    afterEach(() => current.dispose());

    describe("records", () => recordsContract(under));
    describe("events", () => incidentEventsContract(under));
    describe("what cannot be read", () => damagedStoreContract(under));
    describe("open incidents", () => openIncidentsContract(() => current.store));
    describe("an alarm storm", () => admissionStormContract(under));
    describe("action ledger", () => actionLedgerContract(under));
    describe("approvals", () => approvalsContract(under));
    describe("messages", () => messagesContract(under));
    describe("audit trail", () => auditTrailContract(under));
    describe("judgements", () => judgementsContract(under));
    describe("brake", () => brakeContract(under));
    describe("policy versions", () => policyVersionsContract(under));
  });
}
