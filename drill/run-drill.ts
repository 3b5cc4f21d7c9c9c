/** One drill, from an empty machine to verified recovery. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Incident } from "../src/domain/incident/incident.ts";
import { renderRcaHtml } from "../src/reporting/rca/rca-html.ts";
import { renderRca } from "../src/reporting/rca/rca-markdown.ts";
import { settingsFor, startAgent } from "./agent.ts";
import { startDashboard } from "./dashboard.ts";
import type { Injected, LedgerEntry, SandboxState, ScenarioFacts, ServingRecord, Truth } from "./facts.ts";
import { judge, type Verdict } from "./judge.ts";
import { createOnCall } from "./on-call.ts";
import { type Receivers, startReceivers } from "./receivers.ts";
import { type Sandbox, startSandbox } from "./sandbox-process.ts";
import { servingText } from "./serving.ts";
import type { View } from "./view.ts";
import { createInbox, waitForIncident, waitForScaleIn } from "./wait.ts";

export interface DrillOptions {
  readonly fault: string;
  /** A folder for the drill's files; created. */
  readonly folder: string;
  readonly withAgent: boolean;
  /** Questions wait for a real person instead of the simulated one. */
  readonly ask: boolean;
  readonly view: View;
  readonly signal: AbortSignal;
  /** Everything keeps running until this resolves. */
  readonly keepOpen?: ((result: DrillResult, dashboard: string) => Promise<void>) | undefined;
}

export interface DrillResult {
  readonly fault: string;
  readonly verdict?: Verdict;
  readonly incident?: Incident;
  readonly slackText?: string;
  readonly rca?: string;
  readonly seconds: { readonly alarmToAction?: number; readonly alarmToEnd?: number; readonly total: number };
}

/** Milliseconds after which the drill gives an incident up. */
const INCIDENT_TIMEOUT_MS = 150_000;
/** A real person has as long as a question waits by default. Milliseconds. */
const ASKED_TIMEOUT_MS = 35 * 60_000;
const WITHOUT_AGENT_MS = 60_000;

/** Runs a fault live. Stops everything that it started, also when it fails or is interrupted. */
export async function runDrill(options: DrillOptions): Promise<DrillResult> {
  const { fault, view, signal } = options;
  const startedAt = Date.now();
  const stops: (() => Promise<void>)[] = [];
  try {
    view.line(
      "sandbox",
      "starting a small ECS on this machine: real processes behind the AWS wire protocols",
    );
    const sandbox = await startSandbox();
    stops.push(() => sandbox.stop());
    // Also when the drill fails, since the agent's AWS calls then help to find the cause.
    stops.push(() => keepLedger(sandbox, options.folder));
    const facts = await abortable(startScenario(sandbox, fault, view), signal);
    view.line(
      "sandbox",
      `${facts.service} runs with ${facts.desiredCount} healthy tasks behind a load balancer, alarm ${facts.alarmName} is armed`,
    );
    if (!options.withAgent) return await watchOnly(sandbox, facts, options, startedAt);

    const alerted = createInbox<Incident>();
    const receivers = await startReceivers((event) => {
      agent.handle(event).then((incidents) => incidents.forEach(alerted.put), alerted.fail);
    });
    stops.push(() => receivers.close());
    const agent = startAgent(sandbox, receivers, facts, options);
    stops.push(() => agent.stop());
    const dashboard = await startDashboard(agent);
    stops.push(() => dashboard.close());
    view.line("agent", `the dashboard shows it live: ${dashboard.address}`);
    await sandbox.control("POST", "/functions", { arn: FUNCTION_ARN, url: receivers.invokeUrl });

    const { injected } = await sandbox.control<{ injected: Injected[] }>("POST", "/inject");
    view.line("fault", describeFault(injected, facts));
    const person = createOnCall({
      agent,
      messages: receivers.messages,
      view,
      ask: options.ask ? { settings: settingsFor(options) } : undefined,
    });
    const patience = options.ask ? ASKED_TIMEOUT_MS : INCIDENT_TIMEOUT_MS;
    const reported = await abortable(
      waitForIncident({ sandbox, facts, inbox: alerted, person, view, patience }),
      signal,
    );
    const incident = await abortable(waitForScaleIn(reported, agent, sandbox, facts, view), signal);
    const result = await conclude({ incident, sandbox, receivers, facts, options, startedAt });
    await options.keepOpen?.(result, dashboard.address);
    return result;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Writes every call that the sandbox received, if it still answers. */
async function keepLedger(sandbox: Sandbox, folder: string): Promise<void> {
  const ledger = await sandbox.control<LedgerEntry[]>("GET", "/ledger").catch(() => []);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "ledger.json"), JSON.stringify(ledger));
}

/** Starts the scenario and shows its tasks meanwhile. */
async function startScenario(sandbox: Sandbox, fault: string, view: View): Promise<ScenarioFacts> {
  const started = sandbox.control<ScenarioFacts>("POST", `/scenarios/${fault}/start`);
  let done = false;
  const watch = async () => {
    while (!done) {
      const state = await sandbox.control<SandboxState>("GET", "/state");
      const service = state.services.at(-1)?.name;
      if (service !== undefined && !done) view.status(state, service);
      await sleep(300);
    }
  };
  const watching = watch().catch(() => undefined);
  try {
    return await started;
  } finally {
    done = true;
    await watching;
  }
}

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:opsagent";

function describeFault(injected: readonly Injected[], { service }: ScenarioFacts): string {
  const kinds = injected.map((one) => one.kind).join(", ");
  const deployed = injected.flatMap((one) => one.deployment?.to.split("/").at(-1) ?? []);
  return deployed.length > 0
    ? `${kinds}: a pipeline brings ${deployed.join(", ")} out`
    : `${kinds}: ${service} is broken now, for real`;
}

async function watchOnly(
  sandbox: Sandbox,
  facts: ScenarioFacts,
  { fault, view, signal }: DrillOptions,
  startedAt: number,
): Promise<DrillResult> {
  await sandbox.control("POST", "/inject");
  view.line("fault", `${facts.service} is broken now; --no-agent: nothing will remediate it`);
  const end = Date.now() + WITHOUT_AGENT_MS;
  let shown = "";
  while (Date.now() < end && !signal.aborted) {
    const state = await sandbox.control<SandboxState>("GET", "/state");
    const alarms = state.alarms.map((alarm) => `${alarm.name} is ${alarm.state}`).join(", ");
    if (alarms !== shown) view.line("alarm", alarms);
    shown = alarms;
    view.status(state, facts.service);
    await sleep(500);
  }
  return { fault, seconds: { total: (Date.now() - startedAt) / 1000 } };
}

interface Ended {
  readonly incident: Incident;
  readonly sandbox: Sandbox;
  readonly receivers: Receivers;
  readonly facts: ScenarioFacts;
  readonly options: DrillOptions;
  readonly startedAt: number;
}

async function conclude({
  incident,
  sandbox,
  receivers,
  facts,
  options,
  startedAt,
}: Ended): Promise<DrillResult> {
  const truth = await sandbox.control<Truth>("GET", "/truth");
  const ledger = await sandbox.control<LedgerEntry[]>("GET", "/ledger");
  const record = await sandbox.control<ServingRecord>("GET", "/serving");
  const serving = { samples: record[facts.service] ?? [], ...facts };
  options.view.line("sandbox", servingText(serving, ledger));
  writeFileSync(join(options.folder, "rca.md"), renderRca(incident));
  writeFileSync(join(options.folder, "rca.html"), renderRcaHtml(incident));
  writeFileSync(join(options.folder, "incident.json"), JSON.stringify(incident, null, 2));
  const slackText = receivers.messages.at(-1)?.text;
  const received = Date.parse(incident.alert.receivedAt);
  const acted = incident.actions[0]?.steps[0]?.startedAt;
  return {
    fault: options.fault,
    verdict: judge(incident, truth, ledger, facts.desiredCount, serving),
    incident,
    rca: join(options.folder, "rca.html"),
    ...(slackText === undefined ? {} : { slackText }),
    seconds: {
      total: (Date.now() - startedAt) / 1000,
      ...(acted === undefined ? {} : { alarmToAction: (Date.parse(acted) - received) / 1000 }),
      ...(incident.closedAt === undefined
        ? {}
        : { alarmToEnd: (Date.parse(incident.closedAt) - received) / 1000 }),
    },
  };
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(new Error("interrupted"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([work, aborted]);
}
