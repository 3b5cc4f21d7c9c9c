/** `node evals/kinds/measure.ts`: runs every input once and prints what is right and what was said instead. */
import { stdout } from "node:process";
import { useStubCredentials } from "../recorded/gather.ts";
import { answer, listInputs } from "./kinds.ts";

useStubCredentials();
let right = 0;
const inputs = listInputs();
for (const { id, input } of inputs) {
  const { wrongs, line } = await answer(input);
  if (wrongs.length === 0) right += 1;
  stdout.write(
    `${wrongs.length === 0 ? "right" : "WRONG"}\t${id}\t${line.replaceAll("\n", " ")}\t${wrongs.join("; ")}\n`,
  );
}
stdout.write(`${right} of ${inputs.length} right\n`);
