import { expect, it } from "vitest";
import { OpsAgentError } from "../../../src/domain/errors.ts";
import type { Incident } from "../../../src/domain/incident/incident.ts";
import { summaryOf } from "../../../src/domain/incident/incident-summary.ts";
import type { IncidentStore, SummaryQuery } from "../../../src/domain/ports.ts";
import {
  escalatedIncident,
  failedIncident,
  observedIncident,
  resolvedIncident,
} from "../../samples/incidents.ts";
import { keepRecord } from "../../support/keep-record.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const opened = (id: string, openedAt: string, service = "payment-service"): Incident => ({
  ...resolvedIncident(),
  id,
  openedAt,
  target: { cluster: "production", service },
});

/** What every store does with incident records and unreadable events. */
export function recordsContract(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it.each([
    ["resolved", resolvedIncident],
    ["escalated", escalatedIncident],
    ["failed", failedIncident],
    ["observed", observedIncident],
  ])("gives a saved %s incident back as it was", async (_, sample) => {
    await keepRecord(store(), sample());

    expect(await store().get(sample().id)).toEqual(sample());
    expect(await (await under().reopen()).get(sample().id)).toEqual(sample());
  });

  it("answers undefined for an incident it never saw", async () => {
    expect(await store().get("inc-unknown")).toBeUndefined();
  });

  it("replaces an incident that is saved again", async () => {
    await keepRecord(store(), { ...resolvedIncident(), status: "open" });

    await keepRecord(store(), resolvedIncident());

    expect(await store().list()).toEqual([resolvedIncident()]);
  });

  it("lists newest first, by service, up to a limit", async () => {
    await keepRecord(store(), opened("b", "2026-11-23T07:00:00Z"));
    await keepRecord(store(), opened("c", "2026-11-23T07:00:00.500Z", "cart"));
    await keepRecord(store(), opened("a", "2026-11-23T06:00:00.000Z"));
    await keepRecord(store(), opened("d", "2026-11-23T08:00:00.000Z"));

    const ids = async (options?: Parameters<IncidentStore["list"]>[0]) =>
      (await store().list(options)).map((incident) => incident.id);

    expect(await ids()).toEqual(["d", "c", "b", "a"]);
    expect(await ids({ limit: 2 })).toEqual(["d", "c"]);
    expect(await ids({ service: "payment-service" })).toEqual(["d", "b", "a"]);
    expect(await ids({ service: "payment-service", limit: 1 })).toEqual(["d"]);
    expect(await ids({ service: "unknown" })).toEqual([]);
    expect(await ids({ limit: 0 })).toEqual([]);
  });

  it("pages through older ones", async () => {
    for (const [id, at] of [
      ["a", 0],
      ["b", 1],
      ["c", 2],
      ["d", 3],
    ] as const) {
      await keepRecord(store(), opened(id, minute(at), id === "b" ? "cart" : "payment-service"));
    }

    const ids = async (options: Parameters<IncidentStore["list"]>[0]) =>
      (await store().list(options)).map((incident) => incident.id);

    expect(await ids({ before: minute(3) })).toEqual(["c", "b", "a"]);
    expect(await ids({ before: "2026-11-23T08:02:00.000+01:00", limit: 1 })).toEqual(["b"]);
    expect(await ids({ before: minute(3), service: "payment-service" })).toEqual(["c", "a"]);
    expect(await ids({ before: minute(0) })).toEqual([]);
    expect(await thrownBy(store().list({ before: "yesterday" }))).toMatchObject({ code: "store-failed" });
  });

  it("gives summaries page by page, filtered, and none twice or never, whatever shares a millisecond", async () => {
    for (const [id, at, service] of [
      ["a", 0, "cart"],
      ["b", 1, "payment-service"],
      ["c", 1, "payment-service"],
      ["d", 1, "payment-service"],
      ["e", 2, "cart"],
    ] as const)
      await keepRecord(store(), opened(id, minute(at), service));
    await keepRecord(store(), { ...opened("f", minute(3)), status: "open", joinedTo: "e" });
    await keepRecord(store(), { ...escalatedIncident(), id: "g", openedAt: minute(4) });

    const all = async (query: Omit<SummaryQuery, "after">) => {
      const ids: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store().summaries({ ...query, ...(after === undefined ? {} : { after }) });
        expect(page.summaries.length).toBeLessThanOrEqual(query.limit ?? 100);
        ids.push(...page.summaries.map(({ id }) => id));
        if (page.next === undefined) return ids;
        after = page.next;
      }
    };

    for (const limit of [1, 2, 3, 100]) {
      expect(await all({ limit })).toEqual(["g", "f", "e", "d", "c", "b", "a"]);
      expect(await all({ limit, service: "cart" })).toEqual(["e", "a"]);
      expect(await all({ limit, since: minute(1) })).toEqual(["g", "f", "e", "d", "c", "b"]);
      expect(await all({ limit, listedAs: ["escalated"] })).toEqual(["g"]);
      expect(await all({ limit, listedAs: ["note"] })).toEqual(["f"]);
      expect(await all({ limit, listedAs: ["resolved", "escalated"], since: minute(2) })).toEqual(["g", "e"]);
    }
    expect((await store().summaries({ limit: 0 })).summaries).toEqual([]);
    expect(await thrownBy(store().summaries({ after: "x" }))).toMatchObject({ code: "store-failed" });
  });

  it("gives the summary of the record as it was saved last", async () => {
    await keepRecord(store(), { ...resolvedIncident(), status: "open" });
    await keepRecord(store(), resolvedIncident());

    expect((await store().summaries()).summaries).toEqual([summaryOf(resolvedIncident())]);
    expect((await (await under().reopen()).summaries()).summaries).toEqual([summaryOf(resolvedIncident())]);
  });

  it("names a damaged record and still lists the others", async () => {
    await keepRecord(store(), opened("healthy", "2026-11-23T07:00:00.000Z"));
    await keepRecord(store(), opened("damaged", "2026-11-23T08:00:00.000Z"));
    await under().damage("damaged");
    for (const { key } of await store().eventsOf("damaged")) await under().damageEvent("damaged", key);

    const error = await thrownBy(store().get("damaged"));
    const listed = await store().list();

    expect(error).toBeInstanceOf(OpsAgentError);
    expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("damaged") });
    expect(listed.map((incident) => incident.id)).toEqual(["healthy"]);
    expect(under().reported.map((problem) => problem.message)).toEqual([
      expect.stringContaining("incident damaged "),
    ]);
  });

  it("refuses a record that could not be read again", async () => {
    const incident = { ...resolvedIncident(), closedAt: "yesterday" };

    const error = await thrownBy(keepRecord(store(), incident));

    expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("closedAt") });
    expect(await store().list()).toEqual([]);
  });

  it("stores no secret, and keeps numbers as they are", async () => {
    const secret = "AKIAIOSFODNN7EXAMPLE";
    const incident = resolvedIncident();
    const alert = {
      ...incident.alert,
      title: `key ${secret}`,
      reported: { metric: "bytes", value: 4_111_111_111_111_111, threshold: 1 },
    };

    await keepRecord(store(), { ...incident, alert, summary: `password=hunter2hunter2 ${secret}` });
    await store().keepUnreadable({ at: minute(0), raw: `{"x":"${secret}"}`, problem: `near ${secret}` });

    const stored = await store().get(incident.id);
    expect(await under().dump()).not.toMatch(/AKIAIOSFODNN7EXAMPLE|hunter2/);
    expect(stored?.alert.reported?.value).toBe(4_111_111_111_111_111);
    expect(stored?.summary).toContain("[redacted:");
  });

  it("keeps an event that could not be read", async () => {
    await store().keepUnreadable({ at: minute(0), raw: '{"broken": ', problem: "not JSON at 11" });

    const dump = await under().dump();
    expect(dump).toContain("not JSON at 11");
    expect(dump).toContain("broken");
  });
}
