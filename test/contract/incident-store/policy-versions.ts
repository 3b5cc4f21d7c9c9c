import { expect, it } from "vitest";
import { POLICY_TRAIL, policyDigest } from "../../../src/domain/policy-version.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const POLICY = { killSwitch: true, freezes: [] };

/** What every store does with published policies. */
export function policyVersionsContract(under: () => StoreUnderTest): void {
  const store = () => under().store;
  const publish = (minutes: number, changes: object = {}) =>
    store().publishPolicy({ by: "ann", at: minute(minutes), policy: POLICY, ...changes });

  it("has none at first, and then the newest one, also for the next process", async () => {
    const before = await store().newestPolicy();
    await publish(0);

    const published = await publish(1, { by: "bob", why: "sale", policy: { killSwitch: false } });

    const newest = { version: 2, by: "bob", at: minute(1), why: "sale", policy: { killSwitch: false } };
    expect([before, published]).toEqual([undefined, newest]);
    expect(await (await under().reopen()).newestPolicy()).toEqual(newest);
  });

  it("keeps every version, newest first", async () => {
    for (const minutes of [0, 1, 2]) await publish(minutes);

    const [all, two, none] = [
      await store().policyVersions(),
      await store().policyVersions(2),
      await store().policyVersions(0),
    ];

    expect(all.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(two).toEqual(all.slice(0, 2));
    expect(none).toEqual([]);
  });

  it("gives each a number of its own, however many publish at once", async () => {
    const work = ["a", "b", "c"].map((by) => [
      { method: "publishPolicy" as const, args: [{ by, at: minute(0), policy: POLICY }] as const },
    ]);

    await under().inProcesses(work);

    const versions = await store().policyVersions();
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(versions.map(({ by }) => by).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("seals who published what and why, and what was withdrawn", async () => {
    await publish(0, { why: "sale" });
    await store().publishPolicy({ by: "bob", at: minute(1) });

    const entries = await store().entriesOf(POLICY_TRAIL);

    expect(entries.map(({ event, detail }) => [event, detail])).toEqual([
      [
        "policy-published",
        `ann published version 1 of the policy, SHA-256 ${policyDigest(POLICY)}; reason: sale`,
      ],
      ["policy-withdrawn", "bob withdrew the published policy (version 2); no reason given"],
    ]);
    expect((await store().newestPolicy())?.policy).toBeUndefined();
  });

  it("keeps no secret of a reason", async () => {
    await publish(0, { why: "rotates AKIAIOSFODNN7EXAMPLE" });

    expect(await under().dump()).not.toContain("AKIAIOSFODNN7EXAMPLE");
  });

  it("refuses what could not be read again", async () => {
    expect(await thrownBy(publish(0, { at: "now" }))).toMatchObject({ code: "store-failed" });
    expect(await store().newestPolicy()).toBeUndefined();
  });
}
