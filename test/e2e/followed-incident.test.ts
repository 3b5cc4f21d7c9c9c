import { expect, it } from "vitest";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { StatusUpdate, Subscriber } from "../../src/notification/ports.ts";
import { renderSlackMessage, renderSlackState } from "../../src/notification/slack/slack-message.ts";
import { incidentLinks } from "../../src/notification/text/incident-links.ts";
import { slackProblems } from "../support/slack-validator.ts";
import { startWorkflow } from "../support/workflow.ts";

/** Follows, and optionally cannot be told. */
function subscriber(fails: (moment: StatusUpdate) => boolean = () => false, needsEvery = false) {
  const moments: StatusUpdate[] = [];
  const port: Subscriber = {
    name: "follower",
    needsEvery,
    update: async (moment) => {
      moments.push(moment);
      if (fails(moment)) throw new Error("nobody there");
    },
  };
  return { port, moments };
}

it("is told of every moment in order, and is never told more than is known yet", async () => {
  const { port, moments } = subscriber();
  const { handle } = startWorkflow({ subscribers: [port] });

  const ended = await handle();

  expect(ended.status).toBe("resolved");
  expect(moments.map(({ name, kind }) => [name, kind])).toEqual([
    ["opened", "incident-opened"],
    ["decided", "incident-updated"],
    ["acting-restart-stop-0", "incident-updated"],
    ["acted", "incident-updated"],
    ["verified", "incident-updated"],
    ["closed", "incident-closed"],
  ]);
  expect(moments.slice(0, -1).every(({ incident }) => incident.status === "open")).toBe(true);
  for (const { incident } of moments) {
    const links = incidentLinks(incident, { region: "us-east-1", logGroupPrefix: "/ecs/" });
    expect(slackProblems(renderSlackState(incident, { links }))).toEqual([]);
    expect(slackProblems(renderSlackMessage(incident, { links }))).toEqual([]);
  }
});

it("does not end an incident by failing; the last word and what counts is told as a failure", async () => {
  const deaf = subscriber(() => true);
  const strict = subscriber(({ name }) => name === "opened", true);
  const { handle } = startWorkflow({ subscribers: [deaf.port, strict.port] });

  const ended = await handle();

  expect(ended.status).toBe("resolved");
  expect(ended.failures.map(({ message }) => message)).toEqual([
    "nobody there (opened)",
    "nobody there (closed)",
  ]);
});

it("pages for what is left to people and ends the page when the alarm is OK again", async () => {
  const paged: string[] = [];
  const pager = {
    name: "pager",
    page: async ({ id }: Incident) => paged.push(`page ${id}`) > 0,
    resolvePage: async (id: string) => void paged.push(`clear ${id}`),
  };
  const { handle, world } = startWorkflow({ pager, policy: { killSwitch: true } });

  const escalated = await handle();
  const alert = world.alert();
  const later = new Date(Date.parse(alert.receivedAt) + 3_600_000).toISOString();
  await handle({ ...alert, key: `${alert.key}-ok`, state: "OK", firedAt: later, receivedAt: later });

  expect(escalated.status).toBe("escalated");
  expect(paged).toEqual([`page ${escalated.id}`, `clear ${escalated.id}`]);
});
