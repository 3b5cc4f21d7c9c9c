import { expect, it } from "vitest";
import type { GroupingRequest } from "../../../src/domain/alert-grouping.ts";
import { admission } from "./admissions.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

const PROCESSES = [0, 1, 2, 3];
const attachOrOpen = (one: GroupingRequest) => ({ method: "attachOrOpen", args: [one] }) as const;
const kindOf = (answer: unknown) => (answer as { kind: string }).kind;
const countOf = (answers: readonly unknown[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(answers, kindOf)).map(([kind, all]) => [kind, all?.length]),
  );

/** What every store does when alerts come to several processes at once. */
export function admissionStormContract(under: () => StoreUnderTest): void {
  it("opens one incident for an alert that comes fifty times, to engines of their own", async () => {
    const times = Array.from({ length: 50 }, (_, index) => index);
    const work = PROCESSES.map((process) =>
      times
        .filter((index) => index % PROCESSES.length === process)
        .map((index) => attachOrOpen(admission({ engine: `engine-${index}` }))),
    );

    const answers = (await under().inProcesses(work)).flat();

    expect(countOf(answers)).toEqual({ opened: 1, elsewhere: 49 });
    expect(await under().store.open()).toHaveLength(1);
  });

  it("opens one incident a service for two hundred alerts, and loses none", async () => {
    const alerts = Array.from({ length: 200 }, (_, index) => ({
      service: `service-${index % 10}`,
      alarm: `alarm-${index % 7}`,
      change: String(index),
    }));
    const work = PROCESSES.map((process) =>
      alerts
        .filter((_, index) => index % PROCESSES.length === process)
        .map((one) => attachOrOpen(admission({ ...one, engine: `engine-${process}` }))),
    );

    const answers = (await under().inProcesses(work)).flat();

    const open = await under().store.open();
    const joined = await Promise.all(open.map(({ incidentId }) => under().store.joined(incidentId)));
    const known = [...open.map(({ alert }) => alert.key), ...joined.flat().map(({ key }) => key)];
    expect(countOf(answers)).toEqual({ opened: 10, joined: 190 });
    expect(new Set(open.map(({ place }) => place)).size).toBe(10);
    expect(known.toSorted()).toEqual(alerts.map((one) => admission(one).alert.key).toSorted());
  });
}
