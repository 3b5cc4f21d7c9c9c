import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliHere } from "../../../test/support/command-line.ts";
import { commandsOf, optionsOf } from "./command-tree.ts";
import { completionScript, SHELLS, type Shell } from "./completion/completion-scripts.ts";
import { examplesOf } from "./examples.ts";
import { createProgram } from "./program.ts";

const program = createProgram(() => {});
const commands = commandsOf(program);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "commands-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (argv: readonly string[]) =>
  runCliHere(argv, { OPSAGENT_DIAGNOSER: "rules", OPSAGENT_STORE: `sqlite:${join(folder, "opsagent.db")}` });

describe.each(commands.map(({ path, command, options }) => ({ path, command, options })))(
  "opsagent $path",
  ({ path, command, options }) => {
    it("has a description, --json and an example that its own parser takes", () => {
      const examples = examplesOf(path);

      expect(command.description()).toMatch(/^.{10,}/);
      expect(options.map(({ flag }) => flag)).toContain("--json");
      expect(examples, `add one in src/interfaces/cli/examples.ts for "${path}"`).not.toEqual([]);
      for (const example of examples) {
        expect(example).toContain(`opsagent ${path}`);
        const flags = [...example.matchAll(/(?<= )--[a-z-]+/g)].map(([flag]) => flag);
        expect(options.map(({ flag }) => flag)).toEqual(expect.arrayContaining(flags));
      }
    });

    it("ends with 0 for its help, which shows the example, and with 2 for what it does not know", async () => {
      const words = path.split(" ");

      const help = await run([...words, "--help"]);
      const required = command.options.flatMap(({ mandatory, long }) =>
        mandatory && long ? [long, "x"] : [],
      );
      const unknown = await run([...words, ...required, "--no-such-option"]);

      expect(help).toMatchObject({ exit: 0, stdout: expect.stringContaining(examplesOf(path)[0] ?? "?") });
      expect(unknown).toMatchObject({ exit: 2, stderr: expect.stringContaining("no-such-option") });
      expect(unknown.stderr).toContain(`opsagent ${path} --help`);
    });

    const needed = command.registeredArguments.filter(({ required }) => required);
    const wanted = command.options.filter(({ mandatory }) => mandatory);
    if (needed.length + wanted.length > 0) {
      it("ends with 2 when something is missing", async () => {
        expect((await run(path.split(" "))).exit).toBe(2);
      });
    }
  },
);

describe("the exit code", () => {
  const event = (name: string, message: unknown) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(
      file,
      JSON.stringify({ Message: JSON.stringify(message), Timestamp: "2026-11-23T07:00:01Z" }),
    );
    return ["handle", "--event", file];
  };
  const escalated = { AlarmName: "unknown", NewStateValue: "ALARM", StateChangeTime: "2026-11-23T07:00:00Z" };

  it.each<[number, string, () => readonly string[]]>([
    [0, "done", () => ["incidents", "--json"]],
    [0, "an alarm that went back to OK", () => event("ok", { ...escalated, NewStateValue: "OK" })],
    [1, "an event that cannot be read", () => event("bad", { hello: "world" })],
    [2, "a file that is not there", () => ["handle", "--event", join(folder, "none.json")]],
    [2, "an incident that is not there", () => ["show", "inc-none"]],
    [2, "no such command", () => ["incident"]],
    [3, "an alarm of nobody knows which service", () => event("lost", escalated)],
  ])("is %i for %s", async (code, _, argv) => {
    expect((await run(argv())).exit).toBe(code);
  });

  it("of an unknown command comes with the nearest known one", async () => {
    expect((await run(["incident"])).stderr).toContain("Did you mean incidents?");
  });
});

describe.each(SHELLS)("the completion for %s", (shell) => {
  const script = completionScript(program, shell);

  it("knows every command and every option", () => {
    for (const { path, options } of commands) {
      for (const word of path.split(" ")) expect(script).toContain(word);
      for (const { flag } of options)
        expect(script).toContain(shell === "fish" ? `-l ${flag.slice(2)}` : flag);
    }
    for (const { flag } of optionsOf(program)) expect(script).toContain(flag.replace(/^--/, ""));
  });

  const installed = spawnSync(shell, ["--version"]).status === 0;
  it.runIf(installed)("is a script that the shell can read", () => {
    const file = join(folder, `completion.${shell}`);
    writeFileSync(file, script);
    const checked = spawnSync(shell, ["-n", file]);

    expect(String(checked.stderr)).toBe("");
  });
});

/** What the shell itself offers after these words; the last one may be begun only. */
const ASK: Readonly<Record<Shell, (script: string, typed: readonly string[]) => string>> = {
  bash: (script, typed) => `${script}
COMP_WORDS=(opsagent ${typed.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${typed.length}
_opsagent; printf '%s\\n' "\${COMPREPLY[@]}"`,
  // Without a terminal there is no Tab in zsh: its part is played, and what is typed already is left out after it.
  zsh: (script, typed) => `compdef() {}; _files() {}
_describe() { local one; for one in "\${(@P)2}"; do [[ $one == "$words[CURRENT]"* ]] && print -r -- "\${one%%:*}"; done }
${script}
tab() { local -a words; words=(opsagent ${typed.map((word) => `'${word}'`).join(" ")}); local CURRENT=${typed.length + 1}; _opsagent }
tab`,
  fish: (script, typed) => `${script}
complete -C 'opsagent ${typed.join(" ")}' | string replace -r '\\t.*' ''`,
};

describe.each(SHELLS)("at a press of Tab, %s", (shell) => {
  const suggestions = (...typed: readonly string[]) => {
    const script = ASK[shell](completionScript(program, shell), typed);
    const { stdout, stderr } = spawnSync(shell, ["-c", script], { encoding: "utf8", cwd: folder });
    expect(stderr).toBe("");
    return stdout.split("\n").filter(Boolean);
  };

  const installed = spawnSync(shell, ["--version"]).status === 0;
  it.runIf(installed)("completes commands, subcommands, options and choices", () => {
    expect(suggestions("inc")).toEqual(["incidents"]);
    expect(suggestions("policy", "")).toEqual(expect.arrayContaining(["check", "explain"]));
    expect(suggestions("policy", "")).not.toContain("policy");
    expect(suggestions("policy", "explain", "--se")).toEqual(["--service"]);
    expect(suggestions("handle", "--e")).toEqual(["--event"]);
    expect(suggestions("completion", "f")).toEqual(["fish"]);
    expect(suggestions("--json", "policy", "exp")).toEqual(["explain"]);
  });
});
