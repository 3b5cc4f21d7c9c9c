import { describe, expect, it } from "vitest";
import { type AuditInput, checkEntry, EMPTY_CHAIN } from "../../../src/domain/incident/audit.ts";
import { MAX_AUDIT_DETAIL } from "../../../src/domain/incident/audit-input.ts";
import type { AuditTrail } from "../../../src/domain/ports.ts";
import { keepWord, wordOn } from "../../support/keep-record.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const input = (key: string, changes: Partial<AuditInput> = {}): AuditInput => ({
  incidentId: "inc-1",
  key,
  event: "judged",
  detail: `detail of ${key}`,
  at: minute(0),
  ...changes,
});

/** Reads the whole trail page by page and checks every seal. */
async function verified(trail: AuditTrail) {
  let state = EMPTY_CHAIN;
  for (;;) {
    const page = await trail.entries({ after: state.entries, limit: 7 });
    for (const entry of page) {
      const verdict = checkEntry(state, entry);
      if (!verdict.ok) throw new Error(`entry ${verdict.seq}: ${verdict.problem}`);
      state = verdict;
    }
    if (page.length < 7) return { entries: state.entries, head: state.head };
  }
}

/** What every store does with the audit trail. */
export function auditTrailContract(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it("seals entries in the order they came, over every store on the data", async () => {
    await keepWord(store(), input("a"));
    await keepWord(await under().reopen(), input("b", { incidentId: "inc-2" }));
    await keepWord(store(), input("c", { at: minute(-60) }));

    const entries = await store().entries();

    expect(entries.map(({ seq, key }) => [seq, key])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
    expect(entries[0]).toMatchObject({ ...input("a"), detail: "right, says anna: detail of a" });
    expect(await verified(store())).toEqual({ entries: 3, head: entries[2]?.hash });
  });

  it("writes the same transition of an incident once, in its first words", async () => {
    await keepWord(store(), input("a"));
    await keepWord(store(), input("a", { detail: "other words", at: minute(1) }));
    await keepWord(store(), input("a", { incidentId: "inc-2" }));

    const entries = await store().entries();

    expect(entries.map(({ incidentId, detail }) => [incidentId, detail])).toEqual([
      ["inc-1", "right, says anna: detail of a"],
      ["inc-2", "right, says anna: detail of a"],
    ]);
  });

  it("answers pages in order, and an incident's entries", async () => {
    for (let index = 1; index <= 9; index++) {
      await keepWord(store(), input(`key-${index}`, { incidentId: `inc-${index % 2}` }));
    }

    const seqs = async (options?: Parameters<AuditTrail["entries"]>[0]) =>
      (await store().entries(options)).map((entry) => entry.seq);

    expect(await seqs({ after: 2, limit: 3 })).toEqual([3, 4, 5]);
    expect(await seqs({ after: 7 })).toEqual([8, 9]);
    expect(await seqs({ after: 9 })).toEqual([]);
    expect((await store().entriesOf("inc-1")).map((entry) => entry.seq)).toEqual([1, 3, 5, 7, 9]);
    expect(await store().entriesOf("inc-unknown")).toEqual([]);
  });

  it("seals what it keeps: redacted, cut, and readable as it was sealed", async () => {
    const secret = "AKIAIOSFODNN7EXAMPLE";
    const edge = "x".repeat(MAX_AUDIT_DETAIL - 10);

    await keepWord(store(), input("secret", { detail: `key ${secret}` }));
    await keepWord(store(), input("long", { detail: `${edge} ${secret} ${"y".repeat(500)}` }));
    await keepWord(store(), input("pair", { detail: `${"x".repeat(MAX_AUDIT_DETAIL - 1)}\u{1F525}` }));
    await keepWord(store(), input("odd", { detail: 'half \uD83D, null \0, quote " and \u2028 ä\u0308' }));
    await keepWord(store(), input("half \uD83D"));
    await keepWord(store(), input("half \uD83D"));

    const details = (await store().entries()).map((entry) => entry.detail);
    expect(await under().dump()).not.toMatch(/AKIAIOSF/);
    expect(details[0]).toContain("[redacted:");
    expect(details.map((detail) => detail.length <= MAX_AUDIT_DETAIL)).toEqual(Array(5).fill(true));
    expect(await verified(store())).toMatchObject({ entries: 5 });
  });

  it("refuses an entry that could not be read again, and goes on", async () => {
    expect(await thrownBy(keepWord(store(), input("a", { at: "now" })))).toMatchObject({
      code: "store-failed",
    });

    await keepWord(store(), input("a"));

    expect(await verified(store())).toMatchObject({ entries: 1 });
  });

  describe("written from several processes at once", () => {
    it("has one chain without holes, and each transition once", async () => {
      const work = [0, 1, 2, 3].map((process) =>
        Array.from({ length: 15 }, (_, index) => {
          const key = index % 3 === 0 ? `shared-${index}` : `own-${process}-${index}`;
          return { method: "append", args: [[wordOn(input(key))]] } as const;
        }),
      );

      await under().inProcesses(work);

      expect(await verified(store())).toMatchObject({ entries: 4 * 10 + 5 });
      const keys = (await store().entries()).map((entry) => entry.key);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });
}
