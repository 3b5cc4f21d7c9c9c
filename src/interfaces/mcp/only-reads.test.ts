import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { onlyReading } from "./sources.ts";

const root = join(import.meta.dirname, "../../..");

/** Every module that an entry can ever load, also lazily, and every package that those import. */
async function reachable(entry: string) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    packages: "external",
    platform: "node",
    format: "esm",
    metafile: true,
    logLevel: "silent",
  });
  const modules = Object.keys(metafile.inputs);
  const packages = Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  return { modules, packages: [...new Set(packages)] };
}

const ACTS = [
  /^src\/adapters\/(?!sqlite-store\/|dynamodb-store\/|json-log\/)/,
  /^src\/(?:workflow|approval(?!\/answer-rules)|ingestion)\//,
  /^src\/alert-grouping\/(?!grouping-rules)/,
  /^src\/remediation\/(?:actions|action-history)/,
  /^src\/interfaces\/(?:http|lambda)\//,
  /^src\/wiring\/(?:compose|wire-|executions)/,
  /^src\/interfaces\/cli\/(?!mcp\/serve-mcp|open-store|exit-code|terminal)/,
  /^(?:drill|packages\/ecs-sandbox|packages\/durable-sqlite|evals)\//,
];
const acts = (module: string) => ACTS.some((pattern) => pattern.test(module));
const PACKAGE_ACTS = /^(?:@aws-sdk\/(?!client-dynamodb|util-dynamodb)|@aws\/durable|@slack|openai|hono)/;

it("no module that acts, asks or answers a question can be reached from the server", async () => {
  const { modules, packages } = await reachable("src/interfaces/cli/mcp/serve-mcp.ts");

  expect(modules).toEqual(
    expect.arrayContaining(["src/interfaces/mcp/server.ts", "src/reporting/replay.ts"]),
  );
  expect(modules.filter(acts)).toEqual([]);
  expect(packages.filter((name) => PACKAGE_ACTS.test(name))).toEqual([]);
});

it("the same look finds them where they are", async () => {
  const { modules, packages } = await reachable("src/interfaces/cli/serve/serve.ts");

  expect(modules.filter(acts)).toEqual(
    expect.arrayContaining([
      "src/approval/approvals.ts",
      "src/wiring/compose.ts",
      "src/interfaces/http/app.ts",
    ]),
  );
  expect(modules.filter(acts).some((module) => module.startsWith("src/remediation/actions/"))).toBe(true);
  expect(packages.filter((name) => PACKAGE_ACTS.test(name))).toContain("@aws-sdk/client-ecs");
});

it("the tools get a store without any of its methods that write", () => {
  const nothing = () => Promise.reject(new Error("not asked here"));
  const whole = {
    ...{
      get: nothing,
      list: nothing,
      summaries: nothing,
      actionsSince: nothing,
      judgements: nothing,
      pauses: nothing,
    },
    ...{
      save: nothing,
      answer: nothing,
      reserve: nothing,
      judge: nothing,
      append: nothing,
      pause: nothing,
      resume: nothing,
    },
  };

  expect(Object.keys(onlyReading(whole)).sort()).toEqual(
    ["actionsSince", "get", "judgements", "list", "pauses", "summaries"].sort(),
  );
});
