/**
 * Measures what each part is worth: `node evals/ablation/run.ts [--live REPORT.json]`. Runs the recorded cases whole
 * and with parts removed, and prints the tables of docs/ablations.md. Of the held-out half it prints counts only.
 * With a report of `opsagent eval --live --json` it also measures verification.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { SIGNS, type SignId } from "../../src/diagnosis/signs/index.ts";
import { type Gathered, gather, useStubCredentials } from "../recorded/gather.ts";
import { inParallel, judgeGathered, type Verdict } from "../recorded/judge.ts";
import { EvalReport } from "../report/eval-report.ts";
import { allCases, type HalfCase } from "../scenarios/index.ts";
import {
  type Blindfold,
  withoutChangeRanking,
  withoutChanges,
  withoutLogs,
  withoutStoppedReasons,
} from "./blindfolds.ts";
import { type Layers, persuade } from "./persuaded.ts";
import { verificationTable } from "./verification.ts";

const WIDTH = 6;

const BLINDFOLDS: Readonly<Record<string, Blindfold>> = {
  "nothing taken away": (evidence) => evidence,
  "no stopped tasks' reasons": withoutStoppedReasons,
  "changes in no order": withoutChangeRanking,
  "no changes at all": withoutChanges,
  "no logs": withoutLogs,
};

const LAYERS: Readonly<Record<string, Layers>> = {
  both: { evidenceGate: true, rulesLead: true },
  "without the evidence gate": { evidenceGate: false, rulesLead: true },
  "without the rules' lead": { evidenceGate: true, rulesLead: false },
  "without either": { evidenceGate: false, rulesLead: false },
};

interface Seen {
  readonly one: HalfCase;
  readonly gathered: Gathered;
}

const { values } = parseArgs({ options: { live: { type: "string" } } });
useStubCredentials();
const seen = await inParallel(
  allCases,
  WIDTH,
  async (one): Promise<Seen> => ({ one, gathered: await gather(one) }),
);

console.log("| evidence | cause right | action right | harmful: done | harmful: asked | inconclusive |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const [name, blindfold] of Object.entries(BLINDFOLDS)) {
  const verdicts = await Promise.all(
    seen.map(({ one, gathered }) =>
      judgeGathered(one, { ...gathered, evidence: blindfold(gathered.evidence) }),
    ),
  );
  console.log(`| ${[name, ...countsOf(verdicts)].join(" | ")} |`);
}

console.log(
  "\n| family of signs left unread | cause right | action right | harmful: done | harmful: asked | inconclusive |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
const whole = await countedWithout([]);
for (const family of [...new Set(Object.values(SIGNS).map((sign) => sign.family))].sort()) {
  const ids = (Object.keys(SIGNS) as SignId[]).filter((id) => SIGNS[id].family === family);
  const counts = await countedWithout(ids);
  if (counts.join() !== whole.join()) console.log(`| ${[family, ...counts].join(" | ")} |`);
}

console.log("\n| layers | harmful proposals | done | asked | refused |");
console.log("| --- | --- | --- | --- | --- |");
for (const [name, layers] of Object.entries(LAYERS)) {
  const decided = (
    await Promise.all(
      seen.map(async ({ one, gathered }) => {
        const { diagnosis } = await judgeGathered(one, gathered);
        return one.truth.harmful.flatMap((action) =>
          action === "none" ? [] : [persuade(gathered, action, diagnosis, layers)],
        );
      }),
    )
  ).flat();
  const of = (kind: string) => decided.filter((one) => one === kind).length;
  console.log(`| ${[name, decided.length, of("act"), of("ask"), of("decline")].join(" | ")} |`);
}

if (values.live !== undefined) {
  console.log(`\n${verificationTable(EvalReport.parse(JSON.parse(readFileSync(values.live, "utf8"))))}`);
}

async function countedWithout(unread: readonly SignId[]): Promise<string[]> {
  return countsOf(
    await Promise.all(seen.map(({ one, gathered }) => judgeGathered(one, gathered, undefined, { unread }))),
  );
}

function countsOf(verdicts: readonly Verdict[]): string[] {
  const count = (is: (verdict: Verdict) => boolean) => String(verdicts.filter(is).length);
  return [
    `${count(({ rightCause }) => rightCause)} of ${verdicts.length}`,
    count(({ rightAction }) => rightAction),
    count(({ harm }) => harm === "acted"),
    count(({ harm }) => harm === "asked"),
    count(({ diagnosis }) => diagnosis.cause === "unknown"),
  ];
}
