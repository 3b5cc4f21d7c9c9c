import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import { Policy } from "../domain/policy.ts";
import { wirePolicy } from "./wire-policy.ts";

const logger = { info: () => {}, warn: () => {}, error: () => {} };

/** A process with this policy file, on a store in which version 1 with 7 tasks is published. */
async function wired({ file, packed = false }: { file?: string; packed?: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-wire-"));
  const policyFile = file === undefined ? undefined : join(folder, "policy.yaml");
  if (policyFile !== undefined) writeFileSync(policyFile, file ?? "");
  const store = createSqliteStore(":memory:");
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
  await store.publishPolicy({
    by: "ann",
    at: "2026-11-23T07:00:00.000Z",
    policy: { limits: { maxTasks: 7 } },
  });
  const source = wirePolicy({ policy: Policy.parse({}), policyFile }, { store, logger, packed });
  const { policy, origin } = await source.current();
  return { maxTasks: policy.limits.maxTasks, origin: origin.kind };
}

it.each([
  ["its file", "with one", { file: "limits: { maxTasks: 3 }" }, { maxTasks: 3, origin: "file" }],
  ["the published version", "without a file", {}, { maxTasks: 7, origin: "published" }],
  [
    "the published version",
    "with a file that is part of a deployment",
    { file: "limits: { maxTasks: 3 }", packed: true },
    { maxTasks: 7, origin: "published" },
  ],
])("a process goes by %s %s", async (_, __, process, expected) => {
  expect(await wired(process)).toEqual(expected);
});
