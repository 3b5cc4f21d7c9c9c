/** Every command in the README, the tutorial and the how-to pages is run as it stands, or has a reason here why not. */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../../src/ingestion/senders/sns/examples.ts";

const root = join(import.meta.dirname, "../..");
const pages = [
  "README.md",
  "docs/tutorial.md",
  ...readdirSync(join(root, "docs/how-to")).map((name) => `docs/how-to/${name}`),
];

/** Commands that this test leaves to others. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "npm start": "a drill takes a minute; the drills' own tests and `npm run drills` run it",
  "npm start -- dependency-down": "a drill takes a minute; `npm run drills` runs it",
  "OPSAGENT_DIAGNOSER=rules ECS_CLUSTER=prod ./opsagent handle --event event.json":
    "asks AWS for half a minute until it gives up; test/e2e/cli.test.ts runs it against a local AWS",
};

const COMMAND = /^(?:[A-Z_]+=\S+ )*(?:npm|\.\/opsagent|opsagent) ?/;

interface Page {
  readonly path: string;
  readonly commands: readonly string[];
  /** The first YAML block, which is the page's policy. */
  readonly policy: string | undefined;
}

function read(path: string): Page {
  const text = readFileSync(join(root, path), "utf8");
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language = "", body = ""]) => ({
    language,
    body,
  }));
  const commands = blocks
    .filter(({ language }) => language === "" || language === "sh")
    .flatMap(({ body }) => body.split("\n").filter((line) => COMMAND.test(line)));
  return { path, commands, policy: blocks.find(({ language }) => language === "yaml")?.body };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "docs-"));
  mkdirSync(join(folder, "bin"));
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "src/interfaces/cli/main.ts")}" "$@"\n`;
  for (const path of ["bin/opsagent", "opsagent"]) {
    writeFileSync(join(folder, path), shim);
    chmodSync(join(folder, path), 0o755);
  }
  writeFileSync(join(folder, "event.json"), JSON.stringify(examples[0]?.event));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line in a shell; a server is stopped as soon as it listens. */
async function run(line: string): Promise<{ readonly exit: number | null; readonly said: string }> {
  const serves = / serve\b/.test(line);
  const child = spawn(
    "sh",
    ["-c", `exec env ${serves ? `${line} --port 0`.replace(/--port \d+ --port/, "--port") : line}`],
    {
      cwd: folder,
      env: {
        PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`,
        HOME: folder,
        OPSAGENT_DIAGNOSER: "rules",
      },
    },
  );
  let said = "";
  let stopped = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      // Once: a second signal ends a server without order.
      if (stopped || !serves || !said.includes('"server-listening"')) return;
      stopped = true;
      child.kill("SIGTERM");
    });
  }
  return new Promise((resolve) => child.once("close", (exit) => resolve({ exit, said })));
}

const isRun = (line: string) => !Object.hasOwn(ELSEWHERE, line);

describe.each(pages.map(read).filter(({ commands }) => commands.some(isRun)))(
  "$path",
  ({ commands, policy }) => {
    it.each(commands.filter(isRun))("%s", async (line) => {
      if (policy !== undefined) writeFileSync(join(folder, "policy.yaml"), policy);

      const { exit, said } = await run(line);

      expect(said).not.toMatch(/error:|unknown (option|command)/);
      expect({ exit, said }).toMatchObject({ exit: 0 });
    });
  },
);

it("runs commands at all, and leaves no command to others that is not there any more", () => {
  const all = pages.flatMap((path) => read(path).commands);

  expect(all.length).toBeGreaterThan(10);
  expect(Object.keys(ELSEWHERE).filter((line) => !all.includes(line))).toEqual([]);
});
