import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { answerTo, promptOf } from "../../test/adversarial/gullible-model.ts";
import { startModelServer } from "../../test/support/model-server.ts";
import type { AgentUnderTest, RunningAgent } from "./agent.ts";
import { opsAgent, permissions } from "./opsagent.ts";
import { type ProcessView, viewProcess } from "./process-view.ts";
import { type RecordingProxy, startRecordingProxy } from "./recording-proxy.ts";
import { runCase } from "./run-case.ts";

const root = join(import.meta.dirname, "..", "..");
const FAULT = "unhealthy-task";
const { title, truth } = JSON.parse(
  readFileSync(join(root, "packages/ecs-sandbox/faults", `${FAULT}.json`), "utf8"),
) as {
  title: string;
  truth: { causes: readonly string[]; cure: string };
};

const closing: (() => Promise<unknown> | unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const onLinux = it.skipIf(process.platform !== "linux");

onLinux(
  "judges OpsAgent live, and shows it neither the fault, nor the truth, nor the control port",
  async () => {
    const first = await judged();
    // What the machine starved says nothing, right or wrong.
    const { run, output, model, delivered, proxy, view, control } = first.run.load?.starved
      ? await judged()
      : first;

    // What OpsAgent printed tells why, should it have ended otherwise.
    expect(run, output).toMatchObject({
      right: true,
      reasons: [],
      class: "hung-task",
      gate: "act",
      ungated: [],
    });
    expect(run).toMatchObject({ recovery: { claimed: true, confirmed: true }, evidenceCited: true });
    expect(run.model).toMatchObject({ slug: "test/model-1", inputTokens: 1000, costUsd: 0.0042 });
    expect(run.seconds.toAction).toBeLessThan(run.seconds.toEnd ?? 0);

    const prompts = model.requests.map(({ body }) => JSON.stringify(body.messages));
    const received = [...(proxy?.answers ?? []), ...delivered];
    const surroundings = [
      view?.environment ?? "",
      view?.commandLine ?? "",
      ...(view?.paths ?? []),
      ...(view?.files ?? []),
      output,
    ];
    expect(received.length).toBeGreaterThan(20);
    expect(prompts).toHaveLength(1);
    expect(view?.environment).toContain("AWS_ENDPOINT_URL");
    for (const secret of [FAULT, title, truth.cure, control, control.slice("http://".length)]) {
      expect(thatHold(secret, [...surroundings, ...prompts, ...received])).toEqual([]);
    }
    // The closed list of causes is part of every prompt; what AWS said, and what the model is told of it, names none,
    // but for the reason that the agent itself gave when it stopped a task.
    const told = [...received, ...model.requests.map(({ body }) => promptOf(body))].map((text) =>
      text.replaceAll(/OpsAgent inc-[\w-]+: [\w-]+/g, ""),
    );
    for (const cause of truth.causes) expect(thatHold(cause, told)).toEqual([]);
    const ofTheRange = /sandbox|faults|evals|drill\//;
    expect((view?.paths ?? []).filter((path) => ofTheRange.test(path))).toEqual([]);
  },
  360_000,
);

/** One run, with all that reached the agent and its model. */
async function judged() {
  const model = await startModelServer((body) => answerTo(body, { cause: "hung-task", action: "restart" }));
  closing.push(() => model.close());
  const delivered: string[] = [];
  let proxy: RecordingProxy | undefined;
  let view: ProcessView | undefined;
  let control = "";

  const { run, output } = await runCase({
    fault: FAULT,
    run: 1,
    agent: listeningTo(
      delivered,
      opsAgent({
        diagnoser: "model",
        model: "test/model-1",
        modelEnvironment: { OPENROUTER_API_KEY: "sk-or-v1-local", OPENROUTER_BASE_URL: model.url },
      }),
    ),
    signal: AbortSignal.timeout(150_000),
    baselineSeconds: 6,
    endpointFor: async (endpoint) => {
      proxy = await startRecordingProxy(endpoint);
      closing.push(() => proxy?.close());
      return proxy.address;
    },
    onAnswer: async (agent, _site, controlAddress) => {
      control = controlAddress;
      view = viewProcess(agent.pid ?? 0);
    },
  });
  return { run, output, model, delivered, proxy, view, control };
}

it("lets OpsAgent read its own code, and nothing of the range, of other processes or of earlier results", async () => {
  const folder = mkdtempSync(join(tmpdir(), "permission-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const paths = [
    "src/version.ts",
    `packages/ecs-sandbox/faults/${FAULT}.json`,
    "evals/command.ts",
    "drill/judge.ts",
    ".opsagent",
    ".git/HEAD",
  ];
  const script = `
    const fs = require("node:fs");
    const tries = ${JSON.stringify([...paths.map((path) => join(root, path)), "/proc/1/cmdline", "/proc/net/tcp"])};
    const codes = tries.map((path) => { try { fs.readFileSync(path); return "read"; } catch (error) { return error.code; } });
    let child; try { require("node:child_process").execFileSync("true"); child = "ran"; } catch (error) { child = error.code; }
    console.log(JSON.stringify([...codes, child]));`;

  const { stdout } = await promisify(execFile)(process.execPath, [...permissions(folder), "-e", script], {
    cwd: folder,
  });

  const [code, ...others] = JSON.parse(stdout) as string[];
  expect(code).toBe("read");
  expect(new Set(others)).toEqual(new Set(["ERR_ACCESS_DENIED"]));
});

/** Where it was found, with a little of what stands around it. */
function thatHold(secret: string, texts: readonly string[]): string[] {
  return texts
    .filter((text) => text.includes(secret))
    .map((text) => text.slice(Math.max(0, text.indexOf(secret) - 80), text.indexOf(secret) + 80));
}

/** The agent, with every alarm that it is given kept. */
function listeningTo(delivered: string[], agent: AgentUnderTest): AgentUnderTest {
  return {
    ...agent,
    async start(site): Promise<RunningAgent> {
      const running = await agent.start(site);
      return {
        ...running,
        deliver: (event) => {
          delivered.push(event);
          return running.deliver(event);
        },
      };
    },
  };
}
