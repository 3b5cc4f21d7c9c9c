import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { json, raw } from "../../test/support/aws-stub-answers.ts";
import { useAwsStub } from "../../test/support/use-aws-stub.ts";
import { once } from "../adapters/aws/clients.ts";
import { createDynamoDbStore } from "../adapters/dynamodb-store/dynamodb-store.ts";
import { readiness } from "./readiness.ts";

const bed = useAwsStub();

it("says what to do while AWS answers garbage, and is ready when it answers again", async () => {
  const store = createDynamoDbStore("incidents", { region: "us-east-1", endpoint: bed.stub.endpoint });
  const subject = {
    store,
    address: { kind: "dynamodb", table: "incidents" },
    executionsPath: ":memory:",
    now: () => new Date(),
  } as const;
  bed.stub.on("GetItem", raw(200, "text/html", "<html>gateway</html>"));
  bed.stub.on("PutItem", raw(200, "text/html", "<html>gateway</html>"));
  const garbage = await readiness(subject);
  bed.stub.on("GetItem", () => json({}));
  bed.stub.on("PutItem", () => json({}));

  expect(garbage).toMatchObject({
    reason: expect.stringContaining("the store cannot be written"),
    remedy: expect.stringMatching(/\w/),
  });
  expect(await readiness(subject)).toBeUndefined();
  store.close();
});

it("is not ready without the files, and makes none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "readiness-"));
  const path = join(folder, "store.db");
  const problem = await readiness({
    store: { noteIncidentMessage: async () => {} },
    address: { kind: "sqlite", path },
    executionsPath: ":memory:",
    now: () => new Date(),
  });
  rmSync(folder, { recursive: true });

  expect(problem?.reason).toContain("file is gone");
});

it("loads again what failed to load once", async () => {
  let tries = 0;
  const load = once(async () => {
    tries += 1;
    if (tries === 1) throw new Error("EMFILE");
    return "loaded";
  });

  await expect(load()).rejects.toThrow("EMFILE");
  expect(await load()).toBe("loaded");
  expect(await load()).toBe("loaded");
  expect(tries).toBe(2);
});
