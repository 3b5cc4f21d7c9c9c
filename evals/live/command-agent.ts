/** Any other agent under test: a command that listens for alarms and reports over HTTP. See docs/evaluation.md. */
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentUnderTest, RunningAgent, Site } from "./agent.ts";
import { startAgentProcess } from "./agent-process.ts";

const START_WITHIN_MS = 60_000;

/** Runs `command` by the shell in an empty folder; `pass` names variables of this environment that it also gets. */
export function commandAgent(command: string, pass: readonly string[] = []): AgentUnderTest {
  const passed = Object.fromEntries(
    pass.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { name: command, start: (site) => start(command, site, passed) };
}

async function start(
  command: string,
  site: Site,
  passed: Readonly<Record<string, string>>,
): Promise<RunningAgent> {
  const port = await freePort();
  const alarmAddress = `http://127.0.0.1:${port}/`;
  const agent = startAgentProcess("/bin/sh", ["-c", `exec ${command}`], site, {
    ...passed,
    ALARM_ADDRESS: alarmAddress,
    ALARM_PORT: String(port),
    REPORT_URL: site.reportUrl,
    APPROVAL_URL: site.approvalUrl,
  });
  const gone = () => {
    const ended = agent.ended();
    if (ended !== undefined) throw new Error(`The agent is gone: ${ended}. ${agent.output().slice(-800)}`);
  };
  try {
    await listening(alarmAddress, gone);
  } catch (fault) {
    await agent.stop();
    throw fault;
  }
  return {
    pid: agent.pid,
    async deliver(event) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(alarmAddress, { method: "POST", headers, body: event });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`The agent answered ${answer.status}.`);
    },
    async look(service) {
      const report = site.reported(service);
      if (report === undefined) gone();
      return report === undefined ? undefined : { report, pending: false };
    },
    async stop() {
      await agent.stop();
      return agent.output();
    },
  };
}

async function listening(address: string, gone: () => void): Promise<void> {
  const giveUp = Date.now() + START_WITHIN_MS;
  while (Date.now() < giveUp) {
    gone();
    try {
      await (await fetch(address, { method: "HEAD" })).arrayBuffer();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`The agent did not listen at ${address} within ${START_WITHIN_MS / 1000} s.`);
}

/** Free just now; an agent that finds it in use is a failed set-up, which is repeated. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
