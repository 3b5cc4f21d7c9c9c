/**
 * `node evals/kinds/measure.ts [--set first|blind]`: runs every input of a set once and prints what is right, what was
 * said, what is wrong in it, and how many are right of each kind.
 */
import { stdout } from "node:process";
import { parseArgs } from "node:util";
import { useStubCredentials } from "../recorded/gather.ts";
import { answer, listInputs } from "./kinds.ts";

const { set } = parseArgs({ options: { set: { type: "string", default: "first" } } }).values;
if (set !== "first" && set !== "blind") throw new Error(`There is no set "${set}": it is first or blind.`);

useStubCredentials();
const inputs = listInputs(set);
const rightOf = new Map<string, number>();
for (const { id, kind, input } of inputs) {
  const { wrongs, line } = await answer(input).catch((problem: unknown) => ({
    wrongs: [`it threw: ${problem instanceof Error ? problem.message : String(problem)}`],
    line: "",
  }));
  if (wrongs.length === 0) rightOf.set(kind, (rightOf.get(kind) ?? 0) + 1);
  stdout.write(
    `${wrongs.length === 0 ? "right" : "WRONG"}\t${id}\t${line.replaceAll("\n", " ")}\t${wrongs.join("; ")}\n`,
  );
}
for (const [kind, list] of Map.groupBy(inputs, ({ kind }) => kind)) {
  stdout.write(`${rightOf.get(kind) ?? 0} of ${list.length}\t${kind}\n`);
}
const right = [...rightOf.values()].reduce((sum, count) => sum + count, 0);
stdout.write(`${right} of ${inputs.length} right\n`);
