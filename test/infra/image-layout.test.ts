import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ACTING_LINE } from "../samples/acting-policy.ts";
import { buildStages, type Stage } from "../support/dockerfile.ts";
import { ricIsMissing, startLambda } from "../support/lambda-environment.ts";
import { memoryAlarmEvent, startLeakingService } from "../support/leaking-service.ts";

/** The images' files, made by the Dockerfile's own lines; what only a container engine can tell is not tested here. */

const root = join(import.meta.dirname, "..", "..");
const base = mkdtempSync(join(tmpdir(), "opsagent-image-"));
const policy = `.image-layout-${process.pid}.yaml`;
writeFileSync(
  join(root, policy),
  `${ACTING_LINE}
timing: { metricPeriodSeconds: 1, metricWindowMinutes: 10, pollSeconds: 1, replacementTimeoutSeconds: 20,
  verifyIntervalSeconds: 1, verifyTimeoutSeconds: 20, holdChecks: 1 }\n`,
);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const ignore = readFileSync(join(root, ".dockerignore"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

/** The last pattern that matches a path, or a folder above it, decides. */
function isSent(path: string): boolean {
  const parts = path.split("/");
  const above = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  return ignore.reduce((sent, line) => {
    const pattern = line.replace(/^!/, "");
    return above.some((one) => matcher(pattern).test(one)) ? line.startsWith("!") : sent;
  }, true);
}

/** Docker's `*` also matches a name that begins with a dot. */
function matcher(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^$()[\]{}|]/g, "\\$&")
    .replace(/(\*\*\/)|\*/g, (_, deep) => (deep === undefined ? "[^/]*" : "(?:.*/)?"));
  return new RegExp(`^${source}$`);
}

function stagesOnce(): ReadonlyMap<string, Stage> {
  try {
    return buildStages({ context: root, into: base, args: { POLICY: policy }, isSent });
  } finally {
    rmSync(join(root, policy), { force: true });
  }
}

const stages = stagesOnce();
const stage = (name: string): Stage => {
  const found = stages.get(name);
  if (found === undefined) throw new Error(`The Dockerfile has no stage ${name}.`);
  return found;
};

describe("the image for Lambda", () => {
  it("holds the bundles and the policy, nothing else", () => {
    const { root: folder, workdir, command, env } = stage("lambda");
    const files = readdirSync(join(folder, workdir));

    expect(files).toContain("policy.yaml");
    expect(files).toContain("lambda.mjs");
    expect(files.filter((file) => !/^(chunks|policy\.yaml|sbom\.cdx\.json|\w+\.mjs)$/.test(file))).toEqual(
      [],
    );
    expect(command).toEqual(["lambda.handler"]);
    expect(env["OPSAGENT_POLICY"]).toBe("/var/task/policy.yaml");
  });

  const why = ricIsMissing();
  it.skipIf(why !== undefined)("handles an alarm under Lambda's runtime, in one invocation", async () => {
    const { root: folder, workdir } = stage("lambda");
    const service = await startLeakingService("shop");
    const scratch = join(base, "scratch");
    mkdirSync(scratch);
    const lambda = await startLambda(
      { taskRoot: join(folder, workdir), scratch },
      {
        OPSAGENT_DIAGNOSER: "rules",
        OPSAGENT_POLICY: join(folder, workdir, "policy.yaml"),
        OPSAGENT_STORE: `sqlite:${join(scratch, "store.db")}`,
        ECS_CLUSTER: "test",
        AWS_ENDPOINT_URL: service.stub.endpoint,
      },
      // The handler that needs nothing of durable execution, which a Runtime API alone has not.
      "single",
    );

    const result = await lambda.invoke(memoryAlarmEvent("shop"));

    await lambda.stop();
    await service.stub.close();
    if (result.kind === "error") throw new Error(lambda.output().slice(-3000));
    expect(result).toMatchObject({ kind: "response", body: { incidents: [{ status: "resolved" }] } });
    expect(service.stoppedTasks()).toEqual(["leaky"]);
  });
});

describe("the image for a server", () => {
  const serve = stage("serve");
  const home = join(serve.root, serve.workdir);

  it("has no development dependency, no test and no policy of somebody", () => {
    const modules = readdirSync(join(home, "node_modules"));

    expect(modules).toContain("hono");
    for (const name of ["vitest", "typescript", "aws-cdk-lib", "esbuild"])
      expect(modules).not.toContain(name);
    expect(readdirSync(home).sort()).toEqual([
      ".opsagent",
      "node_modules",
      "package.json",
      "packages",
      "sbom.cdx.json",
      "src",
    ]);
    expect(
      readdirSync(join(home, "src"), { recursive: true }).filter((file) => /\.test\.ts$/.test(`${file}`)),
    ).toEqual([]);
  });

  it("says what it holds of others: each package that is installed, with its version and hash", () => {
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
    const bom = JSON.parse(readFileSync(join(home, "sbom.cdx.json"), "utf8"));
    const listed: { name: string; version: string; hashes?: unknown[] }[] = bom.components;
    const installed = readdirSync(join(home, "node_modules")).filter((name) => !/^[.@]/.test(name));

    expect(bom.bomFormat).toBe("CycloneDX");
    expect(installed.filter((name) => !listed.some((one) => one.name === name))).toEqual([]);
    expect(listed.filter(({ hashes }) => !hashes?.length)).toEqual([]);
    expect(listed.find(({ name }) => name === "hono")?.version).toBe(
      lock.packages["node_modules/hono"].version,
    );
    expect(listed.map(({ name }) => name)).not.toContain("vitest");
  });

  it("does not run as root", () => {
    expect(serve.user).toBe("node");
  });

  it("starts, answers its own health check, and stops", async () => {
    const port = await freePort();
    const program = (argv: readonly string[]) => [process.execPath, ...argv.slice(1)];
    const argv = program([
      ...serve.entrypoint,
      ...serve.command.slice(0, -1),
      String(port),
      "--host",
      "127.0.0.1",
    ]);
    const start = ([file = "", ...args]: readonly string[]) =>
      spawn(file, args, {
        cwd: home,
        env: { ...serve.env, OPSAGENT_DIAGNOSER: "rules", ECS_CLUSTER: "test" },
        stdio: ["ignore", "inherit", "pipe"],
      });
    const check = program(serve.healthcheck.map((part) => part.replace("8585", String(port))));

    const server = start(argv);
    await once(server.stderr, "data");
    let healthy: unknown;
    do [healthy] = await once(start(check), "exit");
    while (healthy !== 0 && server.exitCode === null);
    server.kill("SIGTERM");
    const [code] = await once(server, "exit");

    expect(healthy).toBe(0);
    expect(code).toBe(0);
    expect(existsSync(join(home, ".opsagent", "opsagent.db"))).toBe(true);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

it("the build context holds what is copied and little else", () => {
  expect(
    ["src/interfaces/cli/serve/serve.ts", "scripts/build.ts", "package-lock.json", "policy.yaml"].filter(
      (path) => !isSent(path),
    ),
  ).toEqual([]);
  expect(
    [
      ".git/config",
      "node_modules/x/y.js",
      "test/e2e/cli.test.ts",
      "src/wiring/config.test.ts",
      ".env",
      "dist/lambda.mjs",
    ].filter(isSent),
  ).toEqual([]);
});
