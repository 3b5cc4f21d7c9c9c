import { execFile } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openEngine, scratchFile } from "../../test/support/durable-engine.ts";

const run = promisify(execFile);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("all engines on one file have one identity, also later", async () => {
  const database = scratchFile();
  const first = openEngine(async () => 1, { database });
  const second = openEngine(async () => 1, { database });
  await first.stop();
  await second.stop();

  const later = openEngine(async () => 1, { database });

  expect(first.identity).toMatch(UUID);
  expect([second.identity, later.identity]).toEqual([first.identity, first.identity]);
});

test("engines on other files, and in memory, have others", () => {
  const engines = [scratchFile(), scratchFile(), ":memory:", ":memory:"].map((database) =>
    openEngine(async () => 1, { database }),
  );

  expect(new Set(engines.map((engine) => engine.identity)).size).toBe(4);
});

test("a file from before there were identities gets one", async () => {
  const database = scratchFile();
  await openEngine(async () => 1, { database }).stop();
  const old = new DatabaseSync(database);
  old.exec("DROP TABLE engine; PRAGMA user_version = 1");
  old.close();

  const engines = [openEngine(async () => 1, { database }), openEngine(async () => 1, { database })];

  expect(engines[0]?.identity).toMatch(UUID);
  expect(engines[1]?.identity).toBe(engines[0]?.identity);
});

test("processes that open a new file at once agree", async () => {
  const database = scratchFile();
  const index = fileURLToPath(new URL("index.ts", import.meta.url));
  const program = `
    import { createDurableEngine } from ${JSON.stringify(index)};
    while (Date.now() < ${Date.now() + 1_200});
    const options = { database: ${JSON.stringify(database)}, codeVersion: "1", workflow: async () => 1 };
    const engine = createDurableEngine(options);
    process.stdout.write(engine.identity);
    await engine.stop();`;
  const start = () => run(process.execPath, ["--input-type=module", "-e", program]);

  const outputs = await Promise.all([start(), start(), start()]);

  expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
  expect(outputs[0]?.stdout).toMatch(UUID);
});
