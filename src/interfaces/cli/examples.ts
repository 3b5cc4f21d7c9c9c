/** One example for every command, shown at the end of its help and in docs/reference/cli.md. A test reads each. */
import type { Command } from "commander";
import { commandsOf } from "./command-tree.ts";

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  approvals: ["opsagent approvals"],
  approve: ["opsagent approve inc-20261123t070000-1a2b3c4d --plan 9f86d081 --by ann --note 'seen it'"],
  "audit show": ["opsagent audit show inc-20261123t070000-1a2b3c4d"],
  "audit seal": ["opsagent audit seal"],
  "audit key": ["opsagent audit key"],
  "audit verify": ["opsagent audit verify"],
  completion: [
    "opsagent completion bash > ~/.local/share/bash-completion/completions/opsagent",
    "opsagent completion zsh > ~/.zfunc/_opsagent",
    "opsagent completion fish > ~/.config/fish/completions/opsagent.fish",
  ],
  continue: ["opsagent continue"],
  deny: ["opsagent deny inc-20261123t070000-1a2b3c4d --note 'the release is under way'"],
  doctor: ["opsagent doctor"],
  drill: ["opsagent drill", "opsagent drill traffic-spike --json", "opsagent drill --list"],
  eval: [
    "opsagent eval --diagnoser rules --json report.json",
    "opsagent eval --live --repeat 3 --html report.html",
    "opsagent eval --compare before.json after.json",
    "opsagent eval --localise services.json",
  ],
  export: ["opsagent export inc-20261123t070000-1a2b3c4d --out case.json"],
  handle: [
    "opsagent handle --event alarm.json",
    `echo '{"Message":"{\\"service\\":\\"shop\\",\\"metric\\":\\"cpu\\",\\"value\\":97,\\"threshold\\":80}"}' | opsagent handle --event -`,
  ],
  incidents: ["opsagent incidents --limit 5"],
  mcp: ["opsagent mcp"],
  pause: ["opsagent pause", "opsagent pause --service shop --for 2h --why 'database move'"],
  pauses: ["opsagent pauses"],
  "policy check": ["opsagent policy check policy.yaml"],
  "policy explain": ["opsagent policy explain --service shop --cluster production"],
  "policy publish": ["opsagent policy publish policy.yaml --why 'no restarts during the move'"],
  "policy versions": ["opsagent policy versions", "opsagent policy versions --show 3"],
  "policy withdraw": ["opsagent policy withdraw --why 'the deployed one has it now'"],
  rca: ["opsagent rca inc-20261123t070000-1a2b3c4d --out rca.html"],
  replay: ["opsagent replay case.json --policy policy.yaml", "opsagent replay --all --days 90"],
  resume: ["opsagent resume", "opsagent resume --service shop --yes"],
  scorecard: ["opsagent scorecard --service shop"],
  init: ["opsagent init --cluster production --out policy.yaml"],
  judge: ["opsagent judge inc-20261123t070000-1a2b3c4d right --note 'it was the leak'"],
  serve: ["opsagent serve --port 8585", "OPSAGENT_HTTP_TOKENS=ann:SECRET opsagent serve --host 0.0.0.0"],
  show: ["opsagent show inc-20261123t070000-1a2b3c4d --json"],
};

/** The examples of a command by its path, such as `policy check`. */
export function examplesOf(path: string): readonly string[] {
  return Object.hasOwn(EXAMPLES, path) ? (EXAMPLES[path] ?? []) : [];
}

/** Adds them to every command's help, and has all of them answer alike to what they do not know. */
export function addExamples(program: Command): void {
  for (const { path, command } of commandsOf(program)) {
    const examples = examplesOf(path);
    if (examples.length === 0) continue;
    const title = examples.length === 1 ? "Example" : "Examples";
    command.addHelpText("after", `\n${title}:\n${examples.map((one) => `  ${one}`).join("\n")}`);
  }
}
