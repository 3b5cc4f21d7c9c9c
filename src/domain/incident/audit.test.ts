import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AuditEntry,
  type AuditInput,
  type ChainVerdict,
  checkEntry,
  EMPTY_CHAIN,
  GENESIS,
  hashOf,
  sealed,
} from "./audit.ts";
import { keptInput, MAX_AUDIT_DETAIL } from "./audit-input.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const input: fc.Arbitrary<AuditInput> = fc.record({
  incidentId: text,
  key: text,
  event: text,
  detail: text,
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
});

const chainOf = (inputs: readonly AuditInput[]): AuditEntry[] => {
  const entries: AuditEntry[] = [];
  for (const one of inputs) entries.push(sealed(one, entries.at(-1)));
  return entries;
};

const check = (entries: readonly AuditEntry[]): ChainVerdict => {
  let state: ChainVerdict = { ok: true, ...EMPTY_CHAIN };
  for (const entry of entries) {
    if (!state.ok) return state;
    state = checkEntry(state, entry);
  }
  return state;
};

const chain = fc.array(input, { minLength: 2, maxLength: 8 }).map(chainOf);
const chainAndPlace = chain.chain((entries) =>
  fc.tuple(fc.constant(entries), fc.nat({ max: entries.length - 1 })),
);

describe("the chain", () => {
  it("is sound as it was written, and ends in its last seal", () => {
    fc.assert(
      fc.property(chain, (entries) => {
        expect(check(entries)).toEqual({ ok: true, entries: entries.length, head: entries.at(-1)?.hash });
      }),
    );
  });

  it("shows any change of an entry, at that entry", () => {
    const change: fc.Arbitrary<Partial<AuditEntry>> = fc.oneof(
      text.map((detail) => ({ detail })),
      text.map((key) => ({ key })),
      text.map((event) => ({ event })),
      text.map((incidentId) => ({ incidentId })),
      fc.constant({ at: "2026-11-23T07:00:00.000Z" }),
      fc.constantFrom({ hash: GENESIS }, { previous: "f".repeat(64) }),
      fc.integer({ min: 1, max: 20 }).map((seq) => ({ seq })),
    );
    fc.assert(
      fc.property(chainAndPlace, change, ([entries, place], changed) => {
        const entry = { ...entries[place], ...changed } as AuditEntry;
        fc.pre(JSON.stringify(entry) !== JSON.stringify(entries[place]));

        expect(check(entries.with(place, entry))).toMatchObject({ ok: false, seq: place + 1 });
      }),
      { numRuns: 500 },
    );
  });

  it("shows a change that was sealed again, at the entry after it", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        fc.pre(place < entries.length - 1);
        const { hash, ...open } = entries[place] as AuditEntry;
        const forged = { ...open, detail: `${open.detail}!` };

        const verdict = check(entries.with(place, { ...forged, hash: hashOf(forged) }));

        expect(verdict).toMatchObject({ ok: false, seq: place + 2 });
      }),
    );
  });

  it("shows a removed entry, unless it was the last", () => {
    fc.assert(
      fc.property(chainAndPlace, ([entries, place]) => {
        fc.pre(place < entries.length - 1);

        expect(check(entries.toSpliced(place, 1))).toMatchObject({ ok: false, seq: place + 1 });
      }),
    );
  });

  it("shows entries that have changed places", () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat({ max: 7 }), ([entries, place], other) => {
        fc.pre(other < entries.length && other !== place);
        const [a, b] = [entries[place] as AuditEntry, entries[other] as AuditEntry];
        const swapped = entries.with(place, b).with(other, a);

        expect(check(swapped)).toMatchObject({ ok: false, seq: Math.min(place, other) + 1 });
      }),
    );
  });

  it("shows an entry put in between, however it is sealed", () => {
    fc.assert(
      fc.property(chainAndPlace, input, ([entries, place], added) => {
        fc.pre(place < entries.length - 1);
        const inserted = sealed(added, entries[place]);

        const verdict = check(entries.toSpliced(place + 1, 0, inserted));

        expect(verdict).toMatchObject({ ok: false, seq: place + 3 });
      }),
    );
  });

  it("cannot show that its newest entries were cut off: that takes a head noted earlier", () => {
    const entries = chainOf([keptInput(one("a")), keptInput(one("b"))]);

    expect(check(entries.slice(0, 1))).toEqual({ ok: true, entries: 1, head: entries[0]?.hash });
  });
});

describe("a seal", () => {
  it("is the SHA-256 of the fields as a JSON array, which other tools can compute", () => {
    const entry = sealed(one("key-1"), undefined);

    expect(entry.previous).toBe(GENESIS);
    expect(entry.hash).toBe("16d40d09b8f1b45c9764e5f9027dffc3fc29b14077b671e4dc954541d743b998");
  });

  it("does not depend on the order of fields, nor on fields it does not know", () => {
    fc.assert(
      fc.property(chain, ([entry]) => {
        const turned = Object.fromEntries(Object.entries({ ...entry, extra: 1 }).toReversed());

        expect(hashOf(turned as unknown as AuditEntry)).toBe(entry?.hash);
      }),
    );
  });

  it("tells apart the same text divided over fields in another way", () => {
    const [a, b] = [one("ab", { event: "c" }), one("a", { event: "bc" })];

    expect(sealed(a, undefined).hash).not.toBe(sealed(b, undefined).hash);
  });
});

describe("what is kept of a detail", () => {
  it("is short and well formed", () => {
    const any = fc.oneof(
      fc.string({ unit: "binary", maxLength: 3_000, size: "max" }),
      fc.string({ unit: fc.constantFrom("\uD83D", "\uDD25", "x", "password=", " ", "\0"), maxLength: 3_000 }),
    );
    fc.assert(
      fc.property(any, (detail) => {
        const kept = keptInput(one("a", { detail }));

        expect(kept.detail.length).toBeLessThanOrEqual(MAX_AUDIT_DETAIL);
        expect(kept.detail.isWellFormed()).toBe(true);
      }),
    );
  });

  it("is cut after it was redacted, so that no half of a secret is left", () => {
    const secret = "AKIAIOSFODNN7EXAMPLE";

    for (let before = MAX_AUDIT_DETAIL - 25; before <= MAX_AUDIT_DETAIL; before++) {
      const kept = keptInput(one("a", { detail: `${"x".repeat(before)} ${secret}` }));

      expect(kept.detail).not.toContain("AKIA");
    }
  });
});

function one(key: string, changes: Partial<AuditInput> = {}): AuditInput {
  return {
    incidentId: "inc-1",
    key,
    event: "incident-opened",
    detail: "payment-memory: ä \u{1F525}",
    at: "2026-11-23T07:00:00.000Z",
    ...changes,
  };
}
