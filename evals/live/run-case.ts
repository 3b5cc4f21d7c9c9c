/** One live fault: its own sandbox and agent, the alarm, the agent's answer, the judgement. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerEntry, SandboxState, ScenarioFacts, ServingRecord, Truth } from "../../drill/facts.ts";
import { type Sandbox, startSandbox } from "../../drill/sandbox-process.ts";
import type { CaseRun } from "../report/eval-report.ts";
import type { AgentUnderTest, Answer, PersonVerdict, RunningAgent, Site } from "./agent.ts";
import { type Hub, startHub } from "./hub.ts";
import { judgeRun } from "./judge-run.ts";
import { keepRun } from "./keep-run.ts";
import { createLoadWatch } from "./machine-load.ts";
import { SetUpError, settingUp } from "./set-up-error.ts";

export interface LiveCase {
  readonly fault: string;
  readonly run: number;
  readonly agent: AgentUnderTest;
  readonly signal: AbortSignal;
  /** Where the store and the log of a wrong run are kept. */
  readonly keepIn?: string | undefined;
  /** Shorter than the fault's own baseline; for tests. */
  readonly baselineSeconds?: number;
  /** Inserts a proxy between the agent and the sandbox's AWS endpoint; for tests. */
  readonly endpointFor?: (endpoint: string) => Promise<string>;
  /** Called when the agent has answered and still runs; for tests. */
  readonly onAnswer?: (agent: RunningAgent, site: Site, controlAddress: string) => Promise<void>;
}

export interface LiveRun {
  readonly run: Omit<CaseRun, "attempts">;
  /** The agent's output. */
  readonly output: string;
  /** The folder of a wrong run. */
  readonly kept?: string;
}

const ALARM_WITHIN_MS = 150_000;
const ANSWER_WITHIN_MS = 240_000;
const LEFT_TO_DO_WITHIN_MS = 150_000;
const LOOK_EVERY_MS = 400;
/** Milliseconds after the last report in which a late call, or an alarm that returns, is seen. */
const AFTERWARDS_MS = 3_000;
const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:responder";

/** Runs the case. Throws {@link SetUpError} where the run says nothing about the agent, or when it is interrupted. */
export async function runCase(one: LiveCase): Promise<LiveRun> {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    return await inPlace(one, stops);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function inPlace(one: LiveCase, stops: (() => Promise<unknown>)[]): Promise<LiveRun> {
  const { fault, run, signal } = one;
  const started = Date.now();
  const watch = createLoadWatch();
  const sandbox = await settingUp("sandbox-not-started", () =>
    startSandbox({ watch: { module: join(import.meta.dirname, "loop-monitor.ts"), onLine: watch.onLine } }),
  );
  stops.push(() => sandbox.stop());
  const baseline = one.baselineSeconds === undefined ? {} : { baselineSeconds: one.baselineSeconds };
  const facts = await abortable(
    settingUp("not-settled", () =>
      sandbox.control<ScenarioFacts & { title?: string }>("POST", `/scenarios/${fault}/start`, baseline),
    ),
    signal,
  );

  const person = createPerson();
  let agent: RunningAgent | undefined;
  const hub = await startHub({
    deliver: async (event) => {
      if (agent === undefined) throw new Error("The agent does not run yet.");
      await agent.deliver(event);
    },
    askPerson: person.ask,
  });
  stops.push(() => hub.close());
  const site = await siteOf(one, sandbox, facts, hub, person);
  stops.push(() => rm(site.folder, { recursive: true, force: true }));
  agent = await abortable(
    settingUp("agent-not-started", () => one.agent.start(site)),
    signal,
  );
  let output = "";
  let stopped = false;
  const stopAgent = async () => {
    if (!stopped) output = (await agent?.stop()) ?? "";
    stopped = true;
  };
  stops.push(stopAgent);

  await sandbox.control("POST", "/functions", { arn: FUNCTION_ARN, url: hub.alarmUrl });
  person.learn(await sandbox.control<Truth>("GET", "/truth"));
  watch.begin([sandbox.pid, agent.pid]);
  await abortable(
    settingUp("injection-failed", () => sandbox.control("POST", "/inject")),
    signal,
  );
  const seen = await observeRun({ sandbox, hub, agent, facts, signal });
  await one.onAnswer?.(agent, site, sandbox.controlAddress);
  await stopAgent();
  const load = watch.end();
  const truth = await sandbox.control<Truth>("GET", "/truth");
  const ledger = await sandbox.control<LedgerEntry[]>("GET", "/ledger");
  const last = await sandbox.control<SandboxState>("GET", "/state");
  const record = await sandbox.control<ServingRecord>("GET", "/serving");
  const { answer, silence, times } = seen;
  const asked = person.asked();
  const report =
    answer === undefined ? undefined : asked.length === 0 ? answer.report : { ...answer.report, asked };
  const judged = judgeRun({
    fault,
    ...(facts.title === undefined ? {} : { title: facts.title }),
    run,
    truth,
    report,
    ...(silence === undefined ? {} : { silence }),
    messages: hub.messages,
    ledger,
    desiredBefore: facts.desiredCount,
    serving: { samples: record[facts.service] ?? [], ...facts },
    times: { ...times, started, over: Date.now() },
    alarmOk: alarmState(last, facts) === "OK",
    serviceSteady: isSteady(last, facts),
  });
  const kept = judged.right ? undefined : one.keepIn;
  if (kept !== undefined) {
    const records = { truth, ledger, state: last, serving: record, messages: hub.messages, judged };
    keepRun(kept, { site: site.folder, output, records });
  }
  return { run: { ...judged, load }, output, ...(kept === undefined ? {} : { kept }) };
}

/** The folder's name does not reveal the fault. */
async function siteOf(
  one: LiveCase,
  sandbox: Sandbox,
  facts: ScenarioFacts,
  hub: Hub,
  person: Person,
): Promise<Site> {
  return {
    awsEndpoint: (await one.endpointFor?.(sandbox.endpoint)) ?? sandbox.endpoint,
    region: "us-east-1",
    cluster: facts.cluster,
    folder: await mkdtemp(join(tmpdir(), "responder-")),
    slackUrl: hub.slackUrl,
    reportUrl: hub.reportUrl,
    approvalUrl: hub.approvalUrl,
    askPerson: person.ask,
    reported: hub.reported,
  };
}

interface Person {
  readonly ask: (action: string) => PersonVerdict;
  learn(truth: Truth): void;
  asked(): { action: "restart" | "scale" | "rollback" | "none"; verdict: string }[];
}

/** The on-call engineer approves everything but harm, which counts against the one who asked. */
function createPerson(): Person {
  let harmful: readonly string[] = [];
  const asked: { action: "restart" | "scale" | "rollback" | "none"; verdict: string }[] = [];
  return {
    ask(action) {
      const verdict = harmful.includes(action) ? "denied" : "approved";
      if (action === "restart" || action === "scale" || action === "rollback")
        asked.push({ action, verdict });
      return verdict;
    },
    learn: (truth) => {
      harmful = truth.harmful;
    },
    asked: () => asked,
  };
}

interface RunEnd {
  readonly answer: Answer | undefined;
  readonly silence?: string;
  readonly times: { readonly alarmed: number; readonly recovered?: number; readonly ended: number };
}

interface RunningCase {
  readonly sandbox: Sandbox;
  readonly hub: Hub;
  readonly agent: RunningAgent;
  readonly facts: ScenarioFacts;
  readonly signal: AbortSignal;
}

/** Observes the run from the injection until nothing more is expected. */
async function observeRun(running: RunningCase): Promise<RunEnd> {
  const { sandbox, hub, agent, facts, signal } = running;
  const injected = Date.now();
  let answer: Answer | undefined;
  let silence: string | undefined;
  let ended: number | undefined;
  let aftermath = false;
  let recovered: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    await sleep(LOOK_EVERY_MS);
    const now = Date.now();
    const alarmed = hub.alarmedAt(facts.service);
    if (alarmed === undefined && now - injected > ALARM_WITHIN_MS)
      throw new SetUpError("alarm-never-fired", `No alarm came within ${ALARM_WITHIN_MS / 1000} s.`);
    if (alarmed === undefined) continue;
    recovered ??= await recoveredAt(sandbox, facts);
    if (silence === undefined) {
      try {
        answer = await agent.look(facts.service);
      } catch (fault) {
        silence = fault instanceof Error ? fault.message : String(fault);
      }
    }
    if (answer === undefined && now - alarmed > ANSWER_WITHIN_MS)
      silence ??= `gave no answer within ${ANSWER_WITHIN_MS / 1000} s of the alarm`;
    if (answer === undefined && silence === undefined) continue;
    if (answer?.prevented !== undefined) throw new SetUpError("model-not-reachable", answer.prevented);
    ended ??= Date.now();
    if (answer?.pending === true && !aftermath) {
      aftermath = true;
      await sandbox.control("POST", "/aftermath");
    }
    const left = answer?.pending === true && silence === undefined && now - ended < LEFT_TO_DO_WITHIN_MS;
    const claims = answer?.report.status === "resolved" && recovered === undefined;
    const wait = left || (claims && now - ended < AFTERWARDS_MS * 2);
    if (wait || now - ended < AFTERWARDS_MS) continue;
    return {
      answer,
      ...(silence === undefined ? {} : { silence }),
      times: { alarmed, ended, ...(recovered === undefined ? {} : { recovered }) },
    };
  }
}

/** Returns now, if something was changed and the alarm is OK after it. */
async function recoveredAt(sandbox: Sandbox, facts: ScenarioFacts): Promise<number | undefined> {
  const state = await sandbox.control<SandboxState>("GET", "/state");
  if (alarmState(state, facts) !== "OK") return undefined;
  const ledger = await sandbox.control<LedgerEntry[]>("GET", "/ledger");
  return ledger.some((entry) => entry.mutating) ? Date.now() : undefined;
}

function alarmState(state: SandboxState, { alarmName }: ScenarioFacts): string {
  return state.alarms.find(({ name }) => name === alarmName)?.state ?? "";
}

function isSteady(state: SandboxState, { service }: ScenarioFacts): boolean {
  const found = state.services.find(({ name }) => name === service);
  return found !== undefined && found.running === found.desired;
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(new Error("interrupted"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  work.catch(() => undefined);
  return Promise.race([work, aborted]);
}
