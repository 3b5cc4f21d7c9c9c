import { expect, it } from "vitest";
import { resolvedIncident } from "../../test/samples/incidents.ts";
import type { Incident } from "../domain/incident/incident.ts";
import { withModelBudget, withStrangerBudget } from "./hourly-budgets.ts";
import type { Channels } from "./wire-channels.ts";

const HOUR_MS = 3_600_000;

function logOf() {
  const events: string[] = [];
  const log = (event: string) => void events.push(event);
  return { events, logger: { info: log, warn: log, error: log } };
}

const unreadable = (number: number): Incident => {
  const incident = resolvedIncident();
  return {
    ...incident,
    id: `inc-${number}`,
    summary: "An event.",
    alert: { ...incident.alert, source: "unreadable" },
  };
};
const madeUp = (number: number): Incident => {
  const { evidence, ...incident } = resolvedIncident();
  if (evidence === undefined) throw new Error("the sample lacks evidence");
  const gap = { source: "service", code: "service-not-found", message: "none", important: true };
  return { ...incident, id: `inc-${number}`, evidence: { ...evidence, facts: [], gaps: [gap] } };
};

function channelsOf(limit: number) {
  let now = 0;
  const { events, logger } = logOf();
  const [messages, moments, pages]: [Incident[], string[], string[]] = [[], [], []];
  const bare: Channels = {
    notifiers: [{ name: "messages", notify: async (incident) => void messages.push(incident) }],
    approvalChannels: [],
    subscribers: [
      { name: "systems", needsEvery: false, update: async ({ incident }) => void moments.push(incident.id) },
    ],
    pager: { name: "pager", page: async ({ id }) => pages.push(id) > 0, resolvePage: async () => {} },
  };
  const channels = withStrangerBudget(bare, limit, logger, () => now);
  const tell = async (incident: Incident) => {
    await channels.notifiers[0]?.notify(incident);
    const at = incident.openedAt;
    const moment = { name: "closed", kind: "incident-closed", at, incident, needsPerson: true } as const;
    await channels.subscribers?.[0]?.update(moment);
    await channels.pager?.page(incident);
  };
  return {
    tell,
    messages,
    moments,
    pages,
    events,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it("tells of so many strangers an hour, each through every channel, and says with the last that it is", async () => {
  const { tell, messages, moments, pages, events } = channelsOf(3);
  for (let number = 1; number <= 5; number += 1)
    await tell(number % 2 === 0 ? madeUp(number) : unreadable(number));

  expect(messages.map(({ id }) => id)).toEqual(["inc-1", "inc-2", "inc-3"]);
  expect(moments).toEqual(["inc-1", "inc-2", "inc-3"]);
  expect(pages).toEqual(["inc-1", "inc-2", "inc-3"]);
  expect(messages.map(({ summary }) => summary.includes("further ones are only recorded"))).toEqual([
    false,
    false,
    true,
  ]);
  expect(events.filter((event) => event === "budget-reached")).toHaveLength(1);
});

it("tells of every incident of a service that exists, and of strangers again after an hour", async () => {
  const { tell, messages, pass } = channelsOf(1);
  await tell(unreadable(1));
  await tell(unreadable(2));
  for (let number = 3; number <= 9; number += 1) await tell({ ...resolvedIncident(), id: `inc-${number}` });
  pass(HOUR_MS);
  await tell(unreadable(10));

  expect(messages.map(({ id }) => id)).toEqual([
    "inc-1",
    ...[3, 4, 5, 6, 7, 8, 9].map((number) => `inc-${number}`),
    "inc-10",
  ]);
});

it("asks the model so many times an hour, over all incidents, and then says why not", async () => {
  let [now, asked] = [0, 0];
  const { events, logger } = logOf();
  const model = withModelBudget(
    () => ({
      ask: async () => {
        asked += 1;
        return {} as never;
      },
    }),
    2,
    logger,
    () => now,
  );
  const ask = () => model?.().ask({} as never);
  await ask();
  await ask();

  await expect(ask()).rejects.toMatchObject({
    code: "model-budget",
    remedy: expect.stringContaining("modelCallsPerHour"),
  });
  await expect(ask()).rejects.toMatchObject({ code: "model-budget" });
  now += HOUR_MS;
  await ask();

  expect(asked).toBe(3);
  expect(events).toEqual(["budget-reached"]);
});
