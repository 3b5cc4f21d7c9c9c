/**
 * `node scripts/generate-reference.ts` writes docs/reference/cli.md from the commands and docs/reference/events.md
 * from the senders, with the reading of each example.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Policy } from "../src/domain/policy.ts";
import { readEvent } from "../src/ingestion/read-event.ts";
import { ECS_EVENTS } from "../src/ingestion/senders/ecs-event/event-table.ts";
import { ecsEvent } from "../src/ingestion/senders/ecs-event/sender.ts";
import { SENDERS } from "../src/ingestion/senders/index.ts";
import { commandsOf } from "../src/interfaces/cli/command-tree.ts";
import { examplesOf } from "../src/interfaces/cli/examples.ts";
import { createProgram } from "../src/interfaces/cli/program.ts";

const WRITTEN = "<!-- Written by scripts/generate-reference.ts: change the code, then run it. -->";

export function cliReference(): string {
  const parts = commandsOf(createProgram(() => {})).map(({ path, command, options }) => {
    const usage = `opsagent ${path} ${command.usage()}`.trim();
    const flags = options.filter(({ flag }) => flag !== "--help");
    const lines = flags.map(({ usage: flag, description }) => `- \`${flag}\`: ${plain(description)}`);
    const examples = examplesOf(path);
    const shown = examples.length === 0 ? [] : ["", "```", ...examples, "```"];
    return [`## ${path}`, "", plain(command.description()), "", `\`${usage}\``, "", ...lines, ...shown].join(
      "\n",
    );
  });
  const intro = `# The command line

${WRITTEN}

Exit codes: 0 done, 1 failed, 2 usage, 3 escalated to a person; 130 after Ctrl-C. Results go to standard output,
everything else to standard error. \`opsagent completion bash\` (zsh, fish) prints a script that completes commands and
options.`;
  return `${[intro, ...parts].join("\n\n")}\n`;
}

export function eventReference(): string {
  const context = {
    receivedAt: "2026-11-23T07:00:02.000Z",
    cluster: "production",
    alarms: [{ pattern: "shop-*", service: "shop" }],
    alertLabels: Policy.parse({}).alertLabels,
  };
  const parts = SENDERS.flatMap((one) => {
    const { title, examples } = one;
    return [
      `## ${title}`,
      ...(one === ecsEvent ? [eventTable()] : []),
      ...examples.flatMap(({ title: what, event }) => {
        const { alerts, noted, stops } = readEvent(event, context);
        const becomes = [
          ...alerts.map(
            (alert) =>
              `- ${alert.state} of ${alert.target === undefined ? "no known service: escalated to a person" : `service \`${alert.target.service}\``}: ${plain(alert.title)}`,
          ),
          ...stops.map(
            ({ alert, rate }) =>
              `- ${alert.state} of service \`${alert.target?.service}\` from the policy's \`taskStops.${rate}\` on, below it noted: ${plain(alert.title)}`,
          ),
          ...noted.map((one) => `- noted, nothing started: ${plain(one.what)}`),
        ];
        return [
          `${what}:`,
          `\`\`\`json\n${JSON.stringify(event, null, 2)}\n\`\`\``,
          `becomes\n\n${becomes.join("\n")}`,
        ];
      }),
    ];
  });
  const intro = `# Accepted events

${WRITTEN}

Every way in takes every form: the Lambda, \`opsagent handle\`, \`POST /events\` and the webhooks. Fields that are not shown
are ignored. What cannot be read is kept and reported with the path of the bad field. The examples are read here with the
policy \`alarms: [{ pattern: "shop-*", service: shop }]\` and \`ECS_CLUSTER=production\`.

A service is found by the alarm's ECS dimensions, the event's ECS service or the labels in \`alertLabels\`, else by the
policy's \`alarms\`; never by a model. An alarm of another cluster, or of no known service, goes to a person. \`OK\`,
resolved and \`INSUFFICIENT_DATA\` are recorded and open nothing. After the \`OK\` of an alarm whose incident waits for an
approval, OpsAgent looks at the service again; when recovery holds, the question is withdrawn.`;
  return `${[intro, ...parts].join("\n\n")}\n`;
}

/** What each event of ECS leads to: what the dispatcher decides by and the stack subscribes to. */
function eventTable(): string {
  const { taskStops } = Policy.parse({});
  const rows = ECS_EVENTS.map(({ detailType, detail, what, rate }) => {
    const leads =
      rate === undefined
        ? "an incident"
        : `an incident from \`taskStops.${rate}\` (${taskStops[rate]}) within \`taskStops.withinMinutes\` (${taskStops.withinMinutes}) on; below it noted`;
    return `| ${plain(what)} | \`${detailType}\` with \`${JSON.stringify(detail)}\` | ${leads} |`;
  });
  return [
    "The first row that matches counts. Every other event of ECS also occurs in a healthy service and is noted: ordinary stops by deployments, scale-in, people, Spot and SIGTERM never start an incident. Stopped tasks are counted in what ECS itself remembers; where it cannot be asked, one is enough. Stops of one kind are one alert an hour and service. An event of another cluster, or without a service, goes to a person.",
    "",
    "| event | pattern | leads to |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** The same table for the stack, which imports nothing of the agent. */
export function ecsEventTable(): string {
  const rows = ECS_EVENTS.map(({ id, detailType, detail, what, within }) => ({
    id,
    detailType,
    detail,
    what,
    ...(within === undefined ? {} : { within }),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

/** Escapes text for Markdown. */
function plain(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("|", "\\|");
}

/** Returns every generated page by its path below the project's root. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/reference/cli.md", cliReference()],
    ["docs/reference/events.md", eventReference()],
    ["docs/reference/ecs-events.json", ecsEventTable()],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL("../", import.meta.url);
  mkdirSync(new URL("docs/reference/", root), { recursive: true });
  for (const [path, text] of referencePages()) writeFileSync(new URL(path, root), text);
}
