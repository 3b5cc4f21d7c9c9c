/**
 * The exit for text: each port that writes takes only what src/domain/exit.ts made for its audience. The lines under
 * `@ts-expect-error` are a forgotten redaction each: were one to compile, `npm run check` would fail.
 */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { packed } from "../../src/adapters/dynamodb-store/incident-body.ts";
import type { ItemToWrite } from "../../src/adapters/dynamodb-store/table.ts";
import type { createJsonLog } from "../../src/adapters/json-log/json-log.ts";
import type { createSlackApi } from "../../src/adapters/slack-app/slack-api.ts";
import type { postOnce } from "../../src/adapters/slack-webhook/post-once.ts";
import type { Writes } from "../../src/adapters/sqlite-store/writes.ts";
import type { ModelRequest } from "../../src/diagnosis/ports.ts";
import {
  fieldsFor,
  joinedFor,
  jsonFor,
  jsonOf,
  type TextFor,
  textFor,
  valueFor,
} from "../../src/domain/exit.ts";
import type { EventToStore } from "../../src/domain/incident/stored-event.ts";
import type { recordToStore } from "../../src/domain/incident/stored-record.ts";
import type { writeOutput } from "../../src/interfaces/cli/output-file.ts";

const SECRET = ["Zk3pQ9vX", "wT7rLm2N", "bY5cHs8d"].join("");
const WORDS = `connect ECONNREFUSED 10.0.3.7:5432, the password is ${SECRET}`;
const AUDIENCES = ["person", "store", "model", "export"] as const;

describe("no audience gets a credential", () => {
  test.each(AUDIENCES)("%s", (to) => {
    const made = [
      textFor(to, WORDS),
      jsonFor(to, { note: WORDS, STRIPE_KEY: SECRET }),
      jsonFor(to, { note: WORDS, token: { any: SECRET } }, { free: true }),
      jsonOf(valueFor(to, { notes: [WORDS] })),
      jsonOf(fieldsFor(to, { id: "inc-1", note: WORDS }, ["note"])),
      joinedFor([textFor(to, WORDS), textFor(to, "end")], " "),
    ];

    for (const text of made) expect(text).not.toContain(SECRET);
  });

  test.each([
    ["person", true],
    ["store", true],
    ["model", false],
    ["export", false],
  ] as const)("own addresses are for people and what they read from: %s", (to, seen) => {
    expect(textFor(to, WORDS).includes("10.0.3.7:5432")).toBe(seen);
    expect(jsonFor(to, { WORDS }).includes("10.0.3.7:5432")).toBe(seen);
  });

  test("a text is cut after redaction: half a secret is no secret that anybody knows", () => {
    const cut = textFor("store", `password=${SECRET}`, 20);

    expect(cut).not.toContain(SECRET.slice(0, 8));
    expect(textFor("store", "😀", 1)).toBe("");
  });

  test("numbers of a record stay, card numbers of a free value do not", () => {
    const card = Number(["4111", "1111", "1111", "1111"].join(""));

    expect(jsonFor("export", { count: card })).toContain(String(card));
    expect(jsonFor("export", { count: card }, { free: true })).not.toContain(String(card));
  });

  test("names and ids of a record stay as they are", () => {
    const kept = fieldsFor("store", { id: "a@b.example", by: "jane@b.example", note: "mail a@b.example" }, [
      "note",
    ]);

    expect(kept).toEqual({ id: "a@b.example", by: "jane@b.example", note: "mail [redacted:email]" });
  });
});

describe("a forgotten redaction does not compile", () => {
  test("each port", () => {
    type Call = ReturnType<typeof createSlackApi>["call"];
    type Insert = Writes<[string, TextFor<"store">]>;

    expectTypeOf<string>().not.toExtend<Parameters<Insert["run"]>[1]>();
    expectTypeOf<string>().not.toExtend<ModelRequest["system"]>();
    expectTypeOf<string>().not.toExtend<ModelRequest["user"]>();
    expectTypeOf<{ text: string; blocks: [] }>().not.toExtend<Parameters<Call>[1]>();
    expectTypeOf<{ text: string; blocks: [] }>().not.toExtend<Parameters<typeof postOnce>[0]>();
    expectTypeOf<string>().not.toExtend<EventToStore["text"]>();
    expectTypeOf<{ pk: string; sk: string; approval: string }>().not.toExtend<ItemToWrite>();
    expectTypeOf<string>().not.toExtend<Parameters<typeof packed>[0]>();
    expectTypeOf<{ note: string }>().not.toExtend<Parameters<typeof recordToStore<{ note: string }>>[1]>();
    expectTypeOf<string>().not.toExtend<Parameters<typeof writeOutput>[1]>();
    expectTypeOf<string>().not.toExtend<Parameters<Parameters<typeof createJsonLog>[0]>[0]>();
  });

  test("nor does what was made for another audience", () => {
    expectTypeOf<TextFor<"person">>().not.toExtend<ModelRequest["user"]>();
    expectTypeOf<TextFor<"store">>().not.toExtend<ModelRequest["user"]>();
    expectTypeOf<TextFor<"model">>().not.toExtend<EventToStore["text"]>();
    expectTypeOf<TextFor<"person">>().not.toExtend<Parameters<Parameters<typeof createJsonLog>[0]>[0]>();
  });

  test("and cutting or joining by hand loses what was made", () => {
    const text = textFor("person", "a");

    expectTypeOf(text.slice(0, 1)).not.toExtend<TextFor<"person">>();
    expectTypeOf(`${text}b`).not.toExtend<TextFor<"person">>();
  });
});

test("nothing else in src redacts, and nothing makes the types by a cast", () => {
  const files = globSync("src/**/*.ts").filter(
    (file) => !file.endsWith(".test.ts") && file !== "src/domain/exit.ts",
  );
  const redacting = files.filter((file) => readFileSync(file, "utf8").includes("packages/redaction/"));
  const casting = files.filter((file) =>
    /\bas (?:unknown as )?(?:TextFor|ValueFor)\b/.test(readFileSync(file, "utf8")),
  );

  // They hand a whole incident to the channels, whose own exits redact it again.
  expect(redacting.sort()).toEqual([]);
  expect(casting).toEqual([]);
});
