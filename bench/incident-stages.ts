/**
 * Wall time of each stage of an incident, with the rules: a leaking task on the AWS stub, which answers at once, so
 * it measures our own code, its store and its checkpoints, and the pauses of its short policy.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJsonLog } from "../src/adapters/json-log/json-log.ts";
import { type SpanData, spansOf } from "../src/adapters/otel/spans.ts";
import { usableConfig } from "../src/interfaces/cli/terminal.ts";
import { compose } from "../src/wiring/compose.ts";
import { readConfig } from "../src/wiring/read-config.ts";
import { FAST_POLICY, memoryAlarmEvent, startLeakingService } from "../test/support/leaking-service.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), "opsagent-stages-"));
const times = new Map<string, number[]>();
const note = (name: string, milliseconds: number) =>
  times.set(name, [...(times.get(name) ?? []), milliseconds]);

try {
  writeFileSync(join(folder, "policy.yaml"), FAST_POLICY);
  process.env["AWS_ACCESS_KEY_ID"] = "bench";
  process.env["AWS_SECRET_ACCESS_KEY"] = "bench";
  // The first round also loads the clients, so it is reported separately.
  for (let round = 0; round <= ROUNDS; round++) await once(round);
  console.log(`median of ${ROUNDS} incidents, in milliseconds; "first" is the first one of the process`);
  console.log(`${"stage".padEnd(24)}${"median".padStart(8)}${"most".padStart(8)}${"first".padStart(8)}`);
  for (const [name, all] of times) {
    const [first = 0, ...rest] = all;
    const sorted = rest.toSorted((a, b) => a - b);
    const cells = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0, first];
    console.log(name.padEnd(24) + cells.map((cell) => cell.toFixed(0).padStart(8)).join(""));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function once(round: number): Promise<void> {
  const service = await startLeakingService("shop");
  const overrides = {
    AWS_ENDPOINT_URL: service.stub.endpoint,
    ECS_CLUSTER: "test",
    OPSAGENT_POLICY: join(folder, "policy.yaml"),
    OPSAGENT_DIAGNOSER: "rules",
    OPSAGENT_STORE: `sqlite:${join(folder, `${round}.db`)}`,
  };
  let stages: readonly SpanData[] = [];
  const agent = compose(usableConfig(readConfig({ overrides })), {
    logger: createJsonLog(() => undefined),
    telemetry: {
      observe: (event, incident, history) => {
        if (event.kind === "closed") stages = spansOf(incident, history, "none").children;
      },
    },
  });
  const began = performance.now();
  const [incident] = await agent.handle(memoryAlarmEvent("shop"));
  const all = performance.now() - began;
  await agent.stop();
  await service.stub.close();
  if (incident?.status !== "resolved") throw new Error(`It ended ${incident?.status}: ${incident?.summary}`);
  for (const { name, startedAt, endedAt } of stages) {
    note(name, Date.parse(endedAt) - Date.parse(startedAt));
  }
  note("whole incident", all);
}
