import { expect, it } from "vitest";
import { BRAKE_TRAIL, type Pause, type PauseScope } from "../../../src/domain/brake.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const ALL: PauseScope = { kind: "all" };
const SHOP: PauseScope = { kind: "service", service: "shop", cluster: "production" };

const pauseOf = (changes: Partial<Pause> = {}): Pause => ({
  scope: ALL,
  by: "ann",
  at: minute(0),
  why: "database move",
  via: "cli",
  ...changes,
});
const byBob = (at: string) => ({ by: "bob", at, via: "slack" }) as const;

/** What every store does with the brake. */
export function brakeContract(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it("is off at first, and on for every other process once a pause is kept", async () => {
    const before = await store().pauses(minute(0));

    await store().pause(pauseOf());

    const after = await (await under().reopen()).pauses(minute(1));
    expect(before).toEqual([]);
    expect(after).toEqual([pauseOf()]);
  });

  it("is seen by a process that runs already, and its end, too", async () => {
    const calls = (at: string) => [{ method: "pauses", args: [at] }] as const;
    await under().inProcesses([
      [{ method: "pause", args: [pauseOf({ scope: SHOP })] }],
      [{ method: "pause", args: [pauseOf()] }],
    ]);

    const [paused] = await under().inProcesses([calls(minute(1))]);
    await under().inProcesses([[{ method: "resume", args: [ALL, byBob(minute(2))] }]]);
    const left = await store().pauses(minute(3));

    expect(paused?.[0]).toHaveLength(2);
    expect(left).toEqual([pauseOf({ scope: SHOP })]);
  });

  it("lists the pauses in order of time, and leaves out what is over", async () => {
    const later = pauseOf({ scope: SHOP, at: minute(2), until: minute(10) });
    await store().pause(later);
    await store().pause(pauseOf({ until: minute(5) }));

    const listed = await Promise.all([4, 5, 9, 10].map((at) => store().pauses(minute(at))));

    const kinds = listed.map((pauses) => pauses.map(({ scope }) => scope.kind));
    expect(kinds).toEqual([["all", "service"], ["service"], ["service"], []]);
  });

  it("replaces the pause of the same scope and no other", async () => {
    const everywhere = pauseOf({ scope: { kind: "service", service: "shop" } });
    await store().pause(pauseOf({ scope: SHOP, until: minute(5) }));
    await store().pause(everywhere);

    await store().pause(pauseOf({ scope: SHOP, by: "bob", at: minute(1) }));

    expect(await store().pauses(minute(6))).toEqual([
      everywhere,
      pauseOf({ scope: SHOP, by: "bob", at: minute(1) }),
    ]);
  });

  it("ends the pause of exactly the scope that is named, once", async () => {
    await store().pause(pauseOf());
    await store().pause(pauseOf({ scope: SHOP }));

    const ended = await store().resume(SHOP, byBob(minute(1)));
    const again = await store().resume(SHOP, byBob(minute(2)));
    const never = await store().resume({ kind: "service", service: "shop" }, byBob(minute(2)));

    expect([ended, again, never]).toEqual([pauseOf({ scope: SHOP }), undefined, undefined]);
    expect(await store().pauses(minute(3))).toEqual([pauseOf()]);
  });

  it("has nothing to end of a pause that is over, and can be paused again", async () => {
    await store().pause(pauseOf({ until: minute(1) }));

    const ended = await store().resume(ALL, byBob(minute(1)));
    await store().pause(pauseOf({ at: minute(2) }));

    expect(ended).toBeUndefined();
    expect(await store().pauses(minute(3))).toEqual([pauseOf({ at: minute(2) })]);
  });

  it("seals who did what, why and through which door, once", async () => {
    const until = minute(60);
    await store().pause(pauseOf({ scope: SHOP, until }));
    await store().pause(pauseOf({ scope: SHOP, until }));
    await store().resume(SHOP, byBob(minute(1)));

    const entries = await store().entriesOf(BRAKE_TRAIL);

    expect(entries.map(({ event }) => event)).toEqual(["paused", "resumed"]);
    expect(entries.map(({ detail }) => detail)).toEqual([
      `ann paused shop of the cluster production through the command line until ${until}; reason: database move`,
      `bob resumed shop of the cluster production through Slack; ann had paused it at ${minute(0)}`,
    ]);
  });

  it("keeps no secret of a reason", async () => {
    await store().pause(pauseOf({ why: "rotates AKIAIOSFODNN7EXAMPLE" }));

    expect(await under().dump()).not.toContain("AKIAIOSFODNN7EXAMPLE");
  });

  it("refuses a pause that could not be read again, and keeps none of it", async () => {
    const thrown = await thrownBy(store().pause(pauseOf({ until: "tomorrow" })));

    expect(thrown).toMatchObject({ code: "store-failed" });
    expect(await store().pauses(minute(0))).toEqual([]);
    expect(await store().entriesOf(BRAKE_TRAIL)).toEqual([]);
  });
}
