import { expect, it } from "vitest";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import { Policy } from "../domain/policy.ts";
import type { IngestionDependencies } from "../workflow/dependencies.ts";
import { rejectEvent } from "./unreadable-event.ts";

function desk(failing = false) {
  const store = createSqliteStore(":memory:");
  const [pages, messages]: [string[], string[]] = [[], []];
  const deps: IngestionDependencies = {
    store,
    policy: Policy.parse({}),
    diagnoser: "rules",
    notifiers: [
      {
        name: "messages",
        notify: async ({ id }) => {
          messages.push(id);
          if (failing && messages.length === 1) throw new Error("away");
        },
      },
    ],
    pager: { name: "pager", page: async ({ id }) => pages.push(id) > 0, resolvePage: async () => {} },
    now: () => new Date(),
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  };
  const reject = (raw: string, at: string) =>
    rejectEvent({ path: "(event)", message: "no JSON" }, raw, `2026-11-23T${at}:00.000Z`, deps);
  return { store, pages, messages, reject };
}

it("tells the same unreadable delivery once, however often it comes: one key, one page", async () => {
  const { pages, messages, reject, store } = desk();

  const together = await Promise.all([reject("{", "07:00"), reject("{", "07:00")]);
  const later = [await reject("{", "07:01"), await reject("{", "09:30"), await reject("{", "23:59")];

  expect(new Set([...together, ...later].map(({ record }) => record.id)).size).toBe(1);
  expect(pages).toHaveLength(1);
  expect(messages).toHaveLength(1);
  expect(await store.list()).toHaveLength(1);
});

it("tells another content, and the same one on another day", async () => {
  const { messages, reject } = desk();
  await reject("{", "07:00");
  await reject("[", "07:00");

  expect(new Set(messages).size).toBe(2);
});

it("tells it again where people could not be told", async () => {
  const { messages, reject } = desk(true);
  await reject("{", "07:00");
  await reject("{", "07:01");
  await reject("{", "07:02");

  expect(new Set(messages).size).toBe(1);
  expect(messages.length).toBeGreaterThanOrEqual(2);
});
