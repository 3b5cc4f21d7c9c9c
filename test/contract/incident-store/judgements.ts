import { expect, it } from "vitest";
import type { Judgement } from "../../../src/domain/incident/judgement.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const said = (changes: Partial<Judgement>): Judgement => ({
  incidentId: "inc-1",
  verdict: "right",
  by: "token=ana",
  at: minute(0),
  note: "",
  ...changes,
});

/** What every store does with what people say afterwards. */
export function judgementsContract(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it("keeps every word, newest first", async () => {
    const [first, second, third] = [
      said({}),
      said({ verdict: "wrong", at: minute(2), note: "it was the database" }),
      said({ incidentId: "inc-2", verdict: "unclear", at: minute(1) }),
    ];
    for (const one of [first, second, third]) await store().judge(one);

    expect(await store().judgements()).toEqual([second, third, first]);
    expect(await (await under().reopen()).judgements()).toHaveLength(3);
  });

  it("keeps no secret of a note", async () => {
    await store().judge(said({ note: "key AKIAIOSFODNN7EXAMPLE" }));

    const [kept] = await store().judgements();
    expect(await under().dump()).not.toContain("AKIAIOSFODNN7EXAMPLE");
    expect(kept).toMatchObject({ by: "token=ana", note: expect.stringContaining("[redacted:") });
  });

  it("refuses a word that could not be read again", async () => {
    expect(await thrownBy(store().judge(said({ at: "now" })))).toMatchObject({ code: "store-failed" });
    expect(await store().judgements()).toEqual([]);
  });
}
