import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionRecord } from "../../src/domain/action-record.ts";
import { OpsAgentError } from "../../src/domain/errors.ts";
import type { Incident } from "../../src/domain/incident.ts";
import type { IncidentStore } from "../../src/pipeline/ports.ts";
import {
  escalatedIncident,
  failedIncident,
  observedIncident,
  resolvedIncident,
} from "../samples/incidents.ts";

/** A store with what a test needs to look behind it. One is made, empty, for each test. */
export interface StoreUnderTest {
  readonly store: IncidentStore;
  /** A second store over the same data, as another process or a later start would open it. */
  reopen(): Promise<IncidentStore>;
  /** Makes the stored record of an incident unreadable. */
  damage(incidentId: string): Promise<void>;
  /** Problems that `list` reported. */
  readonly reported: readonly OpsAgentError[];
  /** Everything that is stored, as one text. */
  dump(): Promise<string>;
  /** Claims all keys from that many processes at once; answers how many each process was granted. */
  claimFromProcesses(keys: readonly string[], processes: number): Promise<readonly number[]>;
  dispose(): Promise<void>;
}

const action: ActionRecord = {
  incidentId: "inc-1",
  cluster: "production",
  service: "payment-service",
  action: "restart",
  cause: "memory-leak",
  at: "2026-11-23T07:00:00.000Z",
};

const opened = (id: string, openedAt: string, service = "payment-service"): Incident => ({
  ...resolvedIncident(),
  id,
  openedAt,
  target: { cluster: "production", service },
});

const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

/** What every {@link IncidentStore} does; run it for each implementation. */
export function incidentStoreContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`incident store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: IncidentStore;

    beforeEach(async () => {
      under = await create();
      store = under.store;
    });

    afterEach(() => under.dispose());

    it.each([
      ["resolved", resolvedIncident],
      ["escalated", escalatedIncident],
      ["failed", failedIncident],
      ["observed", observedIncident],
    ])("gives a saved %s incident back as it was", async (_, sample) => {
      await store.save(sample());

      expect(await store.get(sample().id)).toEqual(sample());
      expect(await (await under.reopen()).get(sample().id)).toEqual(sample());
    });

    it("answers undefined for an incident it never saw", async () => {
      expect(await store.get("inc-unknown")).toBeUndefined();
    });

    it("replaces an incident that is saved again", async () => {
      await store.save({ ...resolvedIncident(), status: "open" });

      await store.save(resolvedIncident());

      expect(await store.list()).toEqual([resolvedIncident()]);
    });

    it("lists newest first, by service, up to a limit", async () => {
      await store.save(opened("b", "2026-11-23T07:00:00Z"));
      await store.save(opened("c", "2026-11-23T07:00:00.500Z", "cart"));
      await store.save(opened("a", "2026-11-23T06:00:00.000Z"));
      await store.save(opened("d", "2026-11-23T08:00:00.000Z"));

      const ids = async (options?: Parameters<IncidentStore["list"]>[0]) =>
        (await store.list(options)).map((incident) => incident.id);

      expect(await ids()).toEqual(["d", "c", "b", "a"]);
      expect(await ids({ limit: 2 })).toEqual(["d", "c"]);
      expect(await ids({ service: "payment-service" })).toEqual(["d", "b", "a"]);
      expect(await ids({ service: "payment-service", limit: 1 })).toEqual(["d"]);
      expect(await ids({ service: "unknown" })).toEqual([]);
    });

    it("names a damaged record and still lists the others", async () => {
      await store.save(opened("healthy", "2026-11-23T07:00:00.000Z"));
      await store.save(opened("damaged", "2026-11-23T08:00:00.000Z"));
      await under.damage("damaged");

      const error = await thrownBy(store.get("damaged"));
      const listed = await store.list();

      expect(error).toBeInstanceOf(OpsAgentError);
      expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("damaged") });
      expect(listed.map((incident) => incident.id)).toEqual(["healthy"]);
      expect(under.reported.map((problem) => problem.message)).toEqual([
        expect.stringContaining("incident damaged "),
      ]);
    });

    it("refuses a record that could not be read again", async () => {
      const incident = { ...resolvedIncident(), closedAt: "yesterday" };

      const error = await thrownBy(store.save(incident));

      expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("closedAt") });
      expect(await store.list()).toEqual([]);
    });

    it("stores no secret, and keeps numbers as they are", async () => {
      const secret = "AKIAIOSFODNN7EXAMPLE";
      const incident = resolvedIncident();
      const alert = {
        ...incident.alert,
        title: `key ${secret}`,
        reported: { metric: "bytes", value: 4_111_111_111_111_111, threshold: 1 },
      };

      await store.save({ ...incident, alert, summary: `password=hunter2hunter2 ${secret}` });
      await store.keepUnreadable({ at: action.at, raw: `{"x":"${secret}"}`, problem: `near ${secret}` });

      const stored = await store.get(incident.id);
      expect(await under.dump()).not.toMatch(/AKIAIOSFODNN7EXAMPLE|hunter2/);
      expect(stored?.alert.reported?.value).toBe(4_111_111_111_111_111);
      expect(stored?.summary).toContain("[redacted:");
    });

    it("keeps an event that could not be read", async () => {
      await store.keepUnreadable({ at: action.at, raw: '{"broken": ', problem: "not JSON at 11" });

      const dump = await under.dump();
      expect(dump).toContain("not JSON at 11");
      expect(dump).toContain("broken");
    });

    it("grants a claim to its first caller ever", async () => {
      const first = await store.claim("inc-1/act/restart/task-1", action.at);
      const again = await store.claim("inc-1/act/restart/task-1", action.at);
      const elsewhere = await (await under.reopen()).claim("inc-1/act/restart/task-1", action.at);
      const other = await store.claim("inc-1/act/restart/task-2", action.at);

      expect([first, again, elsewhere, other]).toEqual([true, false, false, true]);
    });

    it("tells claims apart whatever their keys contain", async () => {
      const keys = ["a", "A", "a ", "", "ä", "a\u0308", "password=one", "password=two"];

      const granted = await Promise.all(keys.map((key) => store.claim(key, action.at)));

      expect(granted).toEqual(keys.map(() => true));
    });

    it("grants each claim once among several processes", async () => {
      const keys = Array.from({ length: 40 }, (_, index) => `claim-${index}`);

      const granted = await under.claimFromProcesses(keys, 4);

      expect(granted).toHaveLength(4);
      expect(granted.reduce((sum, wins) => sum + wins, 0)).toBe(keys.length);
    });

    it("answers the actions since a time, of all services, oldest first", async () => {
      const early = { ...action, incidentId: "inc-0", at: "2026-11-23T06:59:59Z" };
      const other = { ...action, service: "cart", at: "2026-11-23T07:30:00Z" };
      await store.recordAction(other);
      await store.recordAction(action);
      await store.recordAction(early);

      expect(await store.actionsSince("2026-11-23T07:00:00Z")).toEqual([action, other]);
      expect(await store.actionsSince("2026-11-23T06:00:00Z")).toEqual([early, action, other]);
      expect(await store.actionsSince("2026-11-23T09:00:00.000+01:00")).toEqual([]);
    });

    it("counts an action of an incident once, with its latest time and its verdict", async () => {
      const later = { ...action, at: "2026-11-23T07:00:40.000Z" };
      await store.recordAction(action);
      await store.recordAction(later);
      await store.recordAction({ ...action, verified: false });
      await store.recordAction(later);

      expect(await store.actionsSince(action.at)).toEqual([{ ...later, verified: false }]);
      expect(await store.actionsSince(later.at)).toHaveLength(1);
    });

    it("keeps different actions of one incident apart", async () => {
      await store.recordAction(action);
      await store.recordAction({ ...action, action: "scale" });
      await store.recordAction({ ...action, incidentId: "inc-2" });

      expect(await store.actionsSince(action.at)).toHaveLength(3);
    });

    it("keeps names that guardrails compare as they are", async () => {
      const named = { ...action, service: "token-service", cluster: "10.0.0.1" };

      await store.recordAction(named);

      expect(await store.actionsSince(action.at)).toEqual([named]);
    });

    it("refuses to compare with what is no time", async () => {
      expect(await thrownBy(store.actionsSince("recently"))).toMatchObject({ code: "store-failed" });
      expect(await thrownBy(store.recordAction({ ...action, at: "now" }))).toMatchObject({
        code: "store-failed",
      });
    });
  });
}
