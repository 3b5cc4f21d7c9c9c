/** One drill, from an empty machine to a proven fix. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createJsonLog } from "../src/adapters/json-log/json-log.ts";
import { usableConfig } from "../src/cli/terminal.ts";
import { compose, type OpsAgent } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import type { Incident } from "../src/domain/incident.ts";
import { renderRcaHtml } from "../src/pipeline/report/rca-html.ts";
import { renderRca } from "../src/pipeline/report/rca-markdown.ts";
import type { LedgerEntry, SandboxState, ScenarioFacts, Truth } from "./facts.ts";
import { judge, type Verdict } from "./judge.ts";
import { DRILL_POLICY } from "./policy.ts";
import { type Receivers, startReceivers } from "./receivers.ts";
import { type Sandbox, startSandbox } from "./sandbox-process.ts";
import type { View } from "./view.ts";

export interface DrillOptions {
  readonly fault: string;
  /** A folder for the drill's files; created. */
  readonly folder: string;
  readonly withAgent: boolean;
  readonly view: View;
  readonly signal: AbortSignal;
}

export interface DrillResult {
  readonly fault: string;
  readonly verdict?: Verdict;
  readonly incident?: Incident;
  readonly slackText?: string;
  readonly rca?: string;
  readonly seconds: { readonly alarmToAction?: number; readonly alarmToEnd?: number; readonly total: number };
}

/** How long an incident may take before the drill calls it lost. */
const INCIDENT_TIMEOUT_MS = 150_000;
const WITHOUT_AGENT_MS = 60_000;

/** Runs a fault live. Everything it starts is stopped again, also when it fails or is interrupted. */
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
    const facts = await abortable(settle(sandbox, fault, view), signal);
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
    await sandbox.control("POST", "/functions", { arn: FUNCTION_ARN, url: receivers.invokeUrl });

    const { injected } = await sandbox.control<{ injected: { kind: string }[] }>("POST", "/inject");
    view.line(
      "fault",
      `${injected.map((one) => one.kind).join(", ")}: ${facts.service} is broken now, for real`,
    );
    const incident = await abortable(waitForIncident(sandbox, facts, alerted, view), signal);
    return await conclude({ incident, sandbox, receivers, facts, options, startedAt });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Starts the scenario, and shows its tasks come up meanwhile. */
async function settle(sandbox: Sandbox, fault: string, view: View): Promise<ScenarioFacts> {
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

function startAgent(
  sandbox: Sandbox,
  receivers: Receivers,
  facts: ScenarioFacts,
  options: DrillOptions,
): OpsAgent {
  mkdirSync(options.folder, { recursive: true });
  const policyPath = join(options.folder, "policy.yaml");
  writeFileSync(policyPath, DRILL_POLICY);
  // The sandbox accepts any credentials; the SDK only insists that there are some.
  process.env["AWS_ACCESS_KEY_ID"] = "drill";
  process.env["AWS_SECRET_ACCESS_KEY"] = "drill";
  delete process.env["AWS_PROFILE"];
  delete process.env["AWS_SESSION_TOKEN"];
  const key = process.env["OPENROUTER_API_KEY"];
  const diagnoser = process.env["OPSAGENT_DIAGNOSER"] ?? (key ? "model" : "rules");
  options.view.line(
    "agent",
    diagnoser === "model"
      ? "the model diagnoses, the rules give the second opinion"
      : "no OPENROUTER_API_KEY is used: the built-in rules diagnose, no model is asked",
  );
  const config = usableConfig(
    readConfig({
      overrides: {
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_REGION: "us-east-1",
        ECS_CLUSTER: facts.cluster,
        OPSAGENT_POLICY: policyPath,
        OPSAGENT_STORE: `sqlite:${join(options.folder, "opsagent.db")}`,
        OPSAGENT_DIAGNOSER: diagnoser,
        SLACK_WEBHOOK_URL: receivers.slackUrl,
      },
    }),
  );
  const logFile = join(options.folder, "agent.log");
  let last = "";
  return compose(config, {
    logger: createJsonLog((line) => writeFileSync(logFile, `${line}\n`, { flag: "a" })),
    progress: ({ stage, detail }) => {
      if (`${stage}${detail}` !== last) options.view.line("agent", `${stage}: ${detail}`);
      last = `${stage}${detail}`;
    },
  });
}

/** The first incident that an alarm opened; changes to OK are noted by the agent and not waited for. */
async function waitForIncident(
  sandbox: Sandbox,
  facts: ScenarioFacts,
  inbox: Inbox<Incident>,
  view: View,
): Promise<Incident> {
  const giveUp = Date.now() + INCIDENT_TIMEOUT_MS;
  let alarm = "";
  while (Date.now() < giveUp) {
    const incident = inbox.take((one) => one.alert.state === "ALARM");
    if (incident !== undefined) return incident;
    const state = await sandbox.control<SandboxState>("GET", "/state");
    const now = state.alarms.find((one) => one.name === facts.alarmName)?.state ?? "";
    if (now !== alarm && (now === "ALARM" || alarm === "ALARM"))
      view.line("alarm", `${facts.alarmName} is ${now}`);
    alarm = now;
    view.status(state, facts.service);
    await sleep(250);
  }
  throw new Error(
    `No incident ended within ${INCIDENT_TIMEOUT_MS / 1000} s; the drill's folder has the agent's log.`,
  );
}

async function watchOnly(
  sandbox: Sandbox,
  facts: ScenarioFacts,
  { fault, view, signal }: DrillOptions,
  startedAt: number,
): Promise<DrillResult> {
  await sandbox.control("POST", "/inject");
  view.line("fault", `${facts.service} is broken now; --no-agent: nobody will mend it`);
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

async function conclude({ incident, sandbox, receivers, options, startedAt }: Ended): Promise<DrillResult> {
  const truth = await sandbox.control<Truth>("GET", "/truth");
  const ledger = await sandbox.control<LedgerEntry[]>("GET", "/ledger");
  writeFileSync(join(options.folder, "rca.md"), renderRca(incident));
  writeFileSync(join(options.folder, "rca.html"), renderRcaHtml(incident));
  writeFileSync(join(options.folder, "incident.json"), JSON.stringify(incident, null, 2));
  const slackText = receivers.messages.at(-1)?.text;
  const received = Date.parse(incident.alert.receivedAt);
  const acted = incident.actions[0]?.steps[0]?.startedAt;
  return {
    fault: options.fault,
    verdict: judge(incident, truth, ledger),
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

interface Inbox<T> {
  readonly put: (value: T) => void;
  readonly fail: (error: unknown) => void;
  take(wanted: (value: T) => boolean): T | undefined;
}

function createInbox<T>(): Inbox<T> {
  const values: T[] = [];
  let failure: unknown;
  return {
    put: (value) => void values.push(value),
    fail: (error) => {
      failure = error;
    },
    take: (wanted) => {
      if (failure !== undefined) throw failure;
      return values.find(wanted);
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
