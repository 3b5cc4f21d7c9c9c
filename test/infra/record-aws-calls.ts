/**
 * Records which AWS calls the product makes, for aws-calls.json: `node test/infra/record-aws-calls.ts [fault ...]`.
 * Each fault is drilled once (about a minute each); the sandbox's ledger has every call that reached it. Of calls that
 * differ in nothing but ids, times and tokens one is kept. Only faults whose drill ended right are listed: of another it
 * is not known how far it came.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listFaults } from "../../drill/fault-files.ts";
import { runDrill } from "../../drill/run-drill.ts";
import { createView } from "../../drill/view.ts";
import { CallFixture, type RecordedCall, RecordedCalls } from "../support/iam/recorded-calls.ts";

const OUT = join(import.meta.dirname, "..", "fixtures", "aws-calls.json");
const named = process.argv.slice(2);
const faults = named.length > 0 ? named : listFaults().map(({ name }) => name);
const silent = { write: () => true, columns: 100 } as unknown as NodeJS.WriteStream;
const kept = new Map<string, RecordedCall>();
const keyOf = ({ service, operation, input }: RecordedCall) =>
  [service, operation, ...Object.keys(input).sort()].join(" ");
const right: string[] = [];
const before = existsSync(OUT) ? CallFixture.parse(JSON.parse(readFileSync(OUT, "utf8"))) : undefined;
// Naming faults adds to what is there; without names everything is recorded anew.
if (named.length > 0) for (const call of before?.calls ?? []) kept.set(keyOf(call), call);

for (const fault of faults) {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-calls-"));
  try {
    const view = createView(silent, false);
    const signal = new AbortController().signal;
    // On a slow machine a drill may end wrong or not at all: its calls are calls of the product all the same.
    const ended = await runDrill({ fault, folder, withAgent: true, ask: false, view, signal }).then(
      ({ verdict }) => (verdict?.right ? "right" : "WRONG"),
      (error: unknown) => `with ${error}`,
    );
    const calls = RecordedCalls.parse(JSON.parse(readFileSync(join(folder, "ledger.json"), "utf8")));
    for (const call of calls) {
      const key = keyOf(call);
      if (!kept.has(key)) kept.set(key, call);
    }
    if (ended === "right") right.push(fault);
    process.stdout.write(
      `${fault}: ${calls.length} calls, ${kept.size} kinds so far, the drill ended ${ended}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const sorted = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call);
const recorded = [...new Set([...(named.length > 0 ? (before?.faults ?? []) : []), ...right])];
if (recorded.length === 0) throw new Error("No drill ended right: the fixture stays as it is.");
writeFileSync(OUT, `${JSON.stringify({ faults: recorded, calls: sorted }, null, 2)}\n`);
