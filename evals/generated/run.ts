/**
 * Judges generated incidents: `node evals/generated/run.ts [--set fitting|checking] [--count 340] [--seed 1]
 * [--family NAME] [--verbose] [--json]`. Of the set for checking nothing but counts is ever printed.
 */
import { parseArgs } from "node:util";
import { useStubCredentials } from "../recorded/gather.ts";
import { judgeIncidents, type SetName } from "./judge-incidents.ts";
import { reliabilityText, tableOf, talliesOf } from "./summary.ts";

const { values } = parseArgs({
  options: {
    set: { type: "string", default: "fitting" },
    count: { type: "string", default: "340" },
    seed: { type: "string", default: "1" },
    family: { type: "string" },
    verbose: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

useStubCredentials();
const set = values.set as SetName;
const started = performance.now();
const verdicts = await judgeIncidents({
  set,
  count: Number(values.count),
  seed: values.seed,
  family: values.family,
});
const tallies = talliesOf(verdicts);
if (values.json) console.log(JSON.stringify(tallies, null, 2));
else {
  if (values.verbose && set === "fitting") {
    for (const { one, diagnosis, decision, rightCause, rightAction, harm } of verdicts) {
      if (rightCause && rightAction && harm === "none") continue;
      console.log(
        `${one.name}: ${diagnosis.cause} ${diagnosis.confidence}, ${decision.kind} ${decision.action}; true ${one.truth.causes.join(" or ")}, ${one.truth.actions.join(" or ")}; harm ${harm}`,
      );
    }
  }
  console.log(tableOf(set === "fitting" ? tallies : tallies.slice(-1)));
  console.log(reliabilityText(verdicts));
  console.log(`${verdicts.length} incidents in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
