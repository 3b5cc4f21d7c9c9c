/** OpsAgent under test: `opsagent serve` in its own process, which may read its own code and folder only. */
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { drillPolicy } from "../../drill/policy.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { VERSION } from "../../src/version.ts";
import { type ClosableStore, openStore } from "../../src/wiring/open-store.ts";
import type { AgentUnderTest, Answer, RunningAgent, Site } from "./agent.ts";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { permitsIn, preventedBy, reportOf } from "./opsagent-report.ts";

export interface OpsAgentOptions {
  readonly diagnoser: "rules" | "model";
  /** As LLM_MODEL. */
  readonly model?: string | undefined;
  /** Variables of the model: key and address. */
  readonly modelEnvironment?: Readonly<Record<string, string>>;
}

const START_WITHIN_MS = 60_000;
const root = join(import.meta.dirname, "..", "..");
/** Nothing of the sandbox, the faults, the drill or the evaluation. */
const PACKAGES = ["durable-sqlite", "log-templates", "redaction", "signals", "weekly-windows"];
const READABLE = [
  join(root, "src/"),
  ...PACKAGES.map((name) => join(root, "packages", name, "/")),
  join(root, "node_modules/"),
  join(root, "package.json"),
];

/** Node refuses to read anything else, and to start processes (https://nodejs.org/api/permissions.html). */
export function permissions(folder: string): string[] {
  const allowed = [...READABLE, folder].map((path) => `--allow-fs-read=${path}`);
  return ["--permission", ...allowed, `--allow-fs-write=${folder}`];
}

/** Runs it through its command line and HTTP interface, and reads its records from its store. */
export function opsAgent({ diagnoser, model, modelEnvironment = {} }: OpsAgentOptions): AgentUnderTest {
  return {
    name: "OpsAgent",
    version: VERSION,
    diagnoser,
    ...(model === undefined ? {} : { model }),
    start: (site) =>
      start(site, {
        OPSAGENT_DIAGNOSER: diagnoser,
        ...(diagnoser === "model" ? modelEnvironment : {}),
        ...(model === undefined ? {} : { LLM_MODEL: model }),
      }),
  };
}

async function start(site: Site, environment: Readonly<Record<string, string>>): Promise<RunningAgent> {
  const [alarms, person] = [randomBytes(24).toString("hex"), randomBytes(24).toString("hex")];
  const policyPath = join(site.folder, "policy.yaml");
  const storePath = join(site.folder, "opsagent.db");
  // Its first line mentions a drill, which the agent must not know.
  writeFileSync(policyPath, drillPolicy("on-call").replace(/^#.*\n/, ""));
  const argv = [
    ...permissions(site.folder),
    join(root, "src/interfaces/cli/main.ts"),
    "serve",
    "--port",
    "0",
  ];
  const agent = startAgentProcess(process.execPath, argv, site, {
    OPSAGENT_POLICY: policyPath,
    OPSAGENT_STORE: `sqlite:${storePath}`,
    OPSAGENT_HTTP_TOKENS: `alarms:${alarms},on-call:${person}`,
    ...environment,
  });
  const address = await addressOf(agent).catch(async (fault: unknown) => {
    await agent.stop();
    throw fault;
  });
  const incidents = createIncidents(storePath);
  const asked = new Set<string>();

  return {
    pid: agent.pid,
    async deliver(event) {
      const answer = await post(`${address}/events`, alarms, event);
      const taken = (await answer.json()) as { incidents?: readonly string[] };
      if (!answer.ok) throw new Error(`OpsAgent answered ${answer.status}.`);
      incidents.note(taken.incidents ?? []);
    },
    async look(service) {
      const ended = agent.ended();
      if (ended !== undefined) throw new Error(`OpsAgent is gone: ${ended}. ${agent.output().slice(-500)}`);
      for (const id of incidents.open()) await answerQuestions(address, person, id, asked, site);
      return incidents.answer(service);
    },
    async stop() {
      incidents.close();
      await agent.stop();
      return agent.output();
    },
  };
}

/** Reads the address from its log. */
async function addressOf(agent: AgentProcess): Promise<string> {
  const giveUp = Date.now() + START_WITHIN_MS;
  while (Date.now() < giveUp) {
    const port = /"event":"server-listening".*"port":(\d+)/.exec(agent.output())?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    const ended = agent.ended();
    if (ended !== undefined)
      throw new Error(`OpsAgent did not start: ${ended}. ${agent.output().slice(-800)}`);
    await sleep(50);
  }
  throw new Error(`OpsAgent did not listen within ${START_WITHIN_MS / 1000} s.`);
}

interface Incidents {
  note(ids: readonly string[]): void;
  open(): readonly string[];
  answer(service: string): Promise<Answer | undefined>;
  close(): void;
}

function isOfAnother(incident: Incident | undefined, service: string): boolean {
  const other = incident?.target?.service;
  return other !== undefined && other !== service && incident?.alert.state === "ALARM";
}

/** The records of incidents that alarms opened; the first incident of a service is the answer. */
function createIncidents(path: string): Incidents {
  const ids: string[] = [];
  let store: ClosableStore | undefined;
  return {
    note: (more) => void ids.push(...more.filter((id) => !ids.includes(id))),
    open: () => ids,
    async answer(service) {
      if (ids.length === 0 || !existsSync(path)) return undefined;
      store ??= openStore({
        store: { kind: "sqlite", path },
        aws: { region: "us-east-1", endpoint: undefined },
      });
      for (const id of ids) {
        const incident = await store.get(id);
        // An attached alert, or a noted OK, is no answer.
        if (incident === undefined || incident.alert.state !== "ALARM" || incident.joinedTo !== undefined)
          continue;
        if (incident.target !== undefined && incident.target.service !== service) continue;
        if (incident.status === "open" || incident.closedAt === undefined) return undefined;
        // An escalated incident may still get the alarm that shows its cause.
        if ((await store.open()).some(({ incidentId }) => incidentId === id)) return undefined;
        const prevented = preventedBy(incident);
        // Another service's incident acts by its own decision, which is stored when it closes.
        const all = await Promise.all(ids.map((one) => store?.get(one)));
        if (all.some((one) => one?.closedAt === undefined && isOfAnother(one, service))) return undefined;
        const permits = all.flatMap((one) => (one === undefined ? [] : permitsIn(one)));
        return {
          report: { ...reportOf(incident), permits },
          pending: incident.giveBack?.outcome === "waiting",
          ...(prevented === undefined ? {} : { prevented }),
        };
      }
      return undefined;
    },
    close: () => store?.close(),
  };
}

/** The on-call engineer answers over HTTP, as a client with a token. */
async function answerQuestions(
  address: string,
  token: string,
  incidentId: string,
  asked: Set<string>,
  site: Site,
): Promise<void> {
  const response = await fetch(`${address}/incidents/${incidentId}/approval`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) return void (await response.arrayBuffer());
  const { approvals } = (await response.json()) as {
    approvals: readonly { id: string; planHash: string; plan: { action: string }; answer?: unknown }[];
  };
  for (const { id, planHash, plan, answer } of approvals) {
    if (answer !== undefined || asked.has(id)) continue;
    asked.add(id);
    const verb = site.askPerson(plan.action) === "approved" ? "approve" : "deny";
    const said = await post(
      `${address}/incidents/${incidentId}/${verb}`,
      token,
      JSON.stringify({ planHash }),
    );
    await said.arrayBuffer();
  }
}

function post(url: string, token: string, body: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body });
}
