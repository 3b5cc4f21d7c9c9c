import { expect, it } from "vitest";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What every store does with the places at which an incident was told. */
export function messagesContract(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it("keeps the last reference of each name, also for the next process", async () => {
    await store().noteIncidentMessage("inc-1", "slack-app", "pending");
    await store().noteIncidentMessage("inc-1", "slack-app", "C1:1.000001");
    await store().noteIncidentMessage("inc-1", "slack-app:closed", "C1:1.000002");
    await store().noteIncidentMessage("inc-2", "slack-app", "C1:1.000003");

    const kept = { "slack-app": "C1:1.000001", "slack-app:closed": "C1:1.000002" };
    expect(await store().messagesOf("inc-1")).toEqual(kept);
    expect(await (await under().reopen()).messagesOf("inc-1")).toEqual(kept);
  });

  it("has none of an incident that nobody told of", async () => {
    expect(await store().messagesOf("inc-unknown")).toEqual({});
  });
}
