/** One incident through every phase, and what every surface says after each of its events. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDynamoDbStore } from "../../src/adapters/dynamodb-store/dynamodb-store.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { EventKind, IncidentEvent } from "../../src/domain/incident/incident-event.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { renderSlackState } from "../../src/notification/slack/slack-message.ts";
import { webhookEvent } from "../../src/notification/webhook-event.ts";
import { resolvedIncident } from "../samples/incidents.ts";
import { runCliHere } from "../support/command-line.ts";
import { keepRecord } from "../support/keep-record.ts";
import { fastClock } from "../support/small-world.ts";
import { type Setting, startWorkflow } from "../support/workflow.ts";
import { CREDENTIALS, type LocalDynamo, REGION, startLocalDynamo } from "./dynamodb-local.ts";
import { openSurfaces, type SurfaceName } from "./surfaces.ts";

interface Seen {
  readonly event: IncidentEvent;
  readonly said: Readonly<Record<SurfaceName, string>>;
}

interface Told {
  readonly name: string;
  readonly incident: Incident;
}

/** Runs an incident; after each append every surface is read before anything else happens. */
async function watched(
  store: IncidentStore,
  variables: Readonly<Record<string, string>>,
  setting: Setting,
): Promise<{ readonly seen: readonly Seen[]; readonly told: readonly Told[]; readonly incident: Incident }> {
  const surfaces = await openSurfaces(store, variables);
  const seen: Seen[] = [];
  const told: Told[] = [];
  const look = async (incidentId: string, events: readonly IncidentEvent[]) => {
    const last = events.at(-1);
    if (last !== undefined) seen.push({ event: last, said: await surfaces.read(incidentId) });
  };
  // The question is put after the phase says so; the person answers through the store, as every channel does.
  const watching: IncidentStore = {
    ...store,
    append: async (events) => {
      await store.append(events);
      await look(events[0]?.incidentId ?? "", events);
    },
  };
  const running = startWorkflow({
    ...setting,
    store: watching,
    subscribers: [
      {
        name: "follower",
        needsEvery: true,
        update: async ({ name, incident }) => void told.push({ name, incident }),
      },
    ],
    onAsked: async (question) => {
      const at = new Date(fastClock()).toISOString();
      const by = { channel: "cli", id: "maria" } as const;
      await store.answer(question.id, question.planHash, { verdict: "approved", at, by });
      const answered = (await store.eventsOf(question.incidentId)).at(-1);
      if (answered?.kind === "approval-answered") await look(question.incidentId, [answered]);
      await running.engine.completeCallback(question.callbackId, JSON.stringify("approved"));
    },
  });
  try {
    return { incident: await running.handle(), seen, told };
  } finally {
    await surfaces.close();
  }
}

/** What everybody has to say after such an event, and what nobody may say. */
interface Truth {
  readonly says: RegExp;
  readonly never?: RegExp;
}

const NOTHING_DONE = /Action Taken: None|nothing was done|nothing has been done|not determined/i;
const WAITS = /waits for a person|waiting for approval/i;

const ACTING: Truth = {
  says: /stop task|roll back from|under way|\bacting\b/i,
  never: joined(NOTHING_DONE, WAITS),
};
const PROVING: Truth = { says: /verif|proving/i, never: joined(NOTHING_DONE, WAITS) };

const TRUTHS: Partial<Record<EventKind, Truth>> = {
  opened: { says: /investigating|collecting evidence/i, never: /resolved|escalated to|acting/i },
  "evidence-collected": { says: /investigating|diagnosing/i, never: /✅|escalated to|acting now/i },
  "approval-requested": { says: /waits for a person|waiting for approval|asking/i, never: /✅|under way/i },
  "approval-answered": { says: /approved/i, never: WAITS },
  "action-claimed": ACTING,
  "action-step-ended": ACTING,
  "action-ended": PROVING,
  "verification-looked": PROVING,
  closed: { says: /resolved/i, never: joined(WAITS, /under way|\bverifying\b/i) },
};

function joined(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"), "i");
}

/** Every sentence that is not so, by event and surface. */
function untruths(seen: readonly Seen[]): string[] {
  return seen.flatMap(({ event, said }) => {
    const truth = TRUTHS[event.kind];
    if (truth === undefined) return [];
    return Object.entries(said).flatMap(([surface, text]) => {
      const where = `after ${event.kind} (${event.key}) ${surface}`;
      const missing = truth.says.test(text)
        ? []
        : [`${where} does not say ${truth.says}: ${text.slice(0, 900)}`];
      const wrong = truth.never?.exec(text);
      return wrong ? [...missing, `${where} says "${wrong[0]}"`] : missing;
    });
  });
}

const kindsOf = (seen: readonly Seen[]) => [...new Set(seen.map(({ event }) => event.kind))];

/** What those are told who follow the incident, such as the message in Slack and the webhook. */
function toldUntruths(told: readonly Told[]): string[] {
  return told.flatMap(({ name, incident }) => {
    const texts = [
      renderSlackState(incident).text,
      JSON.stringify(
        webhookEvent({ name, kind: "incident-updated", at: incident.openedAt, incident, needsPerson: false }),
      ),
    ];
    const truth = name.startsWith("acting")
      ? ACTING
      : name.startsWith("acted")
        ? PROVING
        : name.startsWith("approval-approved")
          ? TRUTHS["approval-answered"]
          : undefined;
    if (truth === undefined) return [];
    return texts.flatMap((text) => [
      ...(truth.says.test(text) ? [] : [`${name} does not say ${truth.says}: ${text.slice(0, 600)}`]),
      ...(truth.never?.test(text) ? [`${name} says ${truth.never.exec(text)?.[0]}`] : []),
    ]);
  });
}

type Kind = "SQLite" | "DynamoDB";
let dynamo: LocalDynamo;

beforeAll(async () => {
  dynamo = await startLocalDynamo();
});

afterAll(() => dynamo.stop());

async function storeOf(kind: Kind) {
  const common = { OPSAGENT_DIAGNOSER: "rules", ECS_CLUSTER: "production", AWS_REGION: REGION };
  if (kind === "SQLite") {
    const path = join(mkdtempSync(join(tmpdir(), "opsagent-surfaces-")), "store.db");
    return { store: createSqliteStore(path), variables: { ...common, OPSAGENT_STORE: `sqlite:${path}` } };
  }
  const table = await dynamo.createTable();
  const store = createDynamoDbStore(table, { region: REGION, endpoint: dynamo.endpoint });
  const variables = { ...common, ...CREDENTIALS, AWS_ENDPOINT_URL: dynamo.endpoint };
  return { store, variables: { ...variables, OPSAGENT_STORE: `dynamodb:${table}` } };
}

describe.each(["SQLite", "DynamoDB"] as const)("every surface over %s tells the truth", (kind) => {
  it("of a restart that nobody is asked about", async () => {
    const { store, variables } = await storeOf(kind);

    const { seen, told, incident } = await watched(store, variables, { trouble: "leak" });

    store.close();
    expect(incident.status).toBe("resolved");
    expect(kindsOf(seen)).toEqual(
      expect.arrayContaining(["opened", "evidence-collected", "action-claimed", "action-ended", "closed"]),
    );
    expect(untruths(seen)).toEqual([]);
    expect(told.map(({ name }) => name)).toContain("acting-restart-stop-0");
    expect(toldUntruths(told)).toEqual([]);
  });

  it("of a pause on the command line, from the next look until it is resumed", async () => {
    const { store, variables } = await storeOf(kind);
    const incident = resolvedIncident();
    await keepRecord(store, incident);
    const surfaces = await openSurfaces(store, variables);
    const whoSays = async (words: RegExp) =>
      Object.entries(await surfaces.read(incident.id)).flatMap(([name, text]) =>
        words.test(text) ? [name] : [],
      );

    const before = await whoSays(/paused by/i);
    const paused = await runCliHere(["pause", "--by", "ann", "--why", "database move"], variables);
    const during = await whoSays(/Paused by ann since .*: database move\. Nothing is changed\./);
    const resumed = await runCliHere(["resume", "--yes"], variables);
    const after = await whoSays(/paused by/i);

    const all = Object.keys(await surfaces.read(incident.id));
    await surfaces.close();
    store.close();
    expect([paused.exit, resumed.exit]).toEqual([0, 0]);
    expect([before, after]).toEqual([[], []]);
    expect(during).toEqual(all);
  });

  it("of a rollback that a person approves", async () => {
    const { store, variables } = await storeOf(kind);

    const { seen, told, incident } = await watched(store, variables, { trouble: "bad-deploy" });

    store.close();
    expect(incident.status).toBe("resolved");
    expect(kindsOf(seen)).toEqual(
      expect.arrayContaining(["approval-requested", "approval-answered", "action-claimed", "closed"]),
    );
    expect(untruths(seen)).toEqual([]);
    expect(toldUntruths(told)).toEqual([]);
  });
});
