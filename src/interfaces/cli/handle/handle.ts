import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { undeliveredLines } from "../../../notification/text/undelivered-text.ts";
import { compose, type OpsAgent } from "../../../wiring/compose.ts";
import { type Config, DEFAULT_STORE_PATH } from "../../../wiring/config.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { EXIT, exitCodeOf } from "../exit-code.ts";
import { startLines } from "../start-lines.ts";
import { complain, print, printJson, stderrLog, usableConfig } from "../terminal.ts";
import { createProgress, withoutEvents } from "./progress.ts";

/**
 * Runs one event through the same code as the Lambda and prints the incident as JSON; several incidents of one
 * event are printed as an array. Then waits until borrowed capacity is given back, unless told not to. Returns the
 * exit code. What it may do, each stage and each question are told on standard error. Ctrl-C finishes the running step
 * and stops; the incident then continues with `opsagent continue`.
 */
export async function handleCommand(options: {
  event: string;
  wait: boolean;
  quiet?: boolean;
}): Promise<number> {
  const config = usableConfig(readConfig());
  const event = await readEventFile(options.event);
  return whileRunning(tellingAgent(config, options.quiet === true), async (agent) => {
    if (!options.quiet) for (const line of await startLines(config, agent)) complain(line);
    const incidents = await agent.handle(event);
    printJson(incidents.length === 1 ? incidents[0] : incidents);
    for (const line of incidents.flatMap(undeliveredLines))
      complain(`${line} \`opsagent continue\` or \`opsagent serve\` goes on trying.`);
    await untilGivenBack(agent, incidents, options.wait);
    return exitCodeOf(incidents);
  });
}

/** Goes on with every incident that an earlier process left unfinished, and prints how each ended. */
export async function continueCommand(options: { json?: boolean; quiet?: boolean }): Promise<number> {
  const config = usableConfig(readConfig());
  return whileRunning(tellingAgent(config, options.quiet === true), async (agent) => {
    if (!options.quiet) for (const line of await startLines(config, agent)) complain(line);
    const unfinished = await agent.unfinished();
    if (!options.json) complain(`${unfinished.length} unfinished; going on with them.`);
    await agent.resume();
    const incidents = await Promise.all(unfinished.map((name) => agent.ended(name)));
    if (options.json) printJson(incidents);
    for (const { id, status, summary } of options.json ? [] : incidents)
      print(`${id}  ${status}  ${summary}`);
    return exitCodeOf(incidents);
  });
}

/** Composes an agent that tells each stage on standard error. */
function tellingAgent(config: Config, quiet: boolean): OpsAgent {
  const listener = createProgress({ write: complain, quiet, found: storeSetting(config) });
  return compose(config, { logger: withoutEvents(stderrLog()), listener });
}

/** Names the store for another terminal, which would take the default one. */
function storeSetting({ store, storePath }: Config): string {
  if (store.kind === "dynamodb") return `OPSAGENT_STORE='dynamodb:${store.table}'`;
  return storePath === DEFAULT_STORE_PATH ? "" : `OPSAGENT_STORE='sqlite:${storePath}'`;
}

async function untilGivenBack(agent: OpsAgent, incidents: readonly Incident[], wait: boolean): Promise<void> {
  const lending = incidents.filter(({ giveBack }) => giveBack?.outcome === "waiting");
  for (const { giveBack } of lending) {
    complain(
      wait
        ? `${giveBack?.detail}; waiting for that. Ctrl-C is safe: \`opsagent continue\` goes on.`
        : `${giveBack?.detail}: run \`opsagent continue\` or \`opsagent serve\`.`,
    );
  }
  if (!wait) return;
  for (const ended of await Promise.all(lending.map((incident) => agent.finished(incident)))) {
    complain(`${ended.giveBack?.outcome}: ${ended.giveBack?.detail}`);
  }
}

/** Runs `work`; the first Ctrl-C stops the agent gracefully, a second one ends the process at once. */
async function whileRunning(agent: OpsAgent, work: (agent: OpsAgent) => Promise<number>): Promise<number> {
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= agent.stop();
    return stopped;
  };
  const interrupt = () => {
    complain("Stopping after the running step. `opsagent continue` goes on with what is unfinished.");
    stop().catch(() => {});
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await work(agent);
  } catch (error) {
    if (stopped !== undefined) return EXIT.interrupted;
    throw error;
  } finally {
    await stop();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function readEventFile(path: string): Promise<string> {
  try {
    return await (path === "-" ? text(process.stdin) : readFile(path, "utf8"));
  } catch (cause) {
    throw new OpsAgentError({
      code: "event-unreadable",
      message: `The event file "${path}" cannot be read: ${cause instanceof Error ? cause.message : "unknown error"}`,
      remedy: "Give the path of a JSON file, or - for standard input.",
      cause,
    });
  }
}
