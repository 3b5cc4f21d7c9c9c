/** Starts one execution name many times at once: `node durable-starter.ts DATABASE NAME COUNT`. */
import { argv } from "node:process";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";

const [, , database = "", name = "", count = "10"] = argv;
const engine = createDurableEngine({
  database,
  workflow: async (_input: string, context) => context.step("effect", async () => "done"),
  codeVersion: "1",
});
const starts = await Promise.all(Array.from({ length: Number(count) }, () => engine.start(name, "same")));
const result = await engine.waitFor(name);
await engine.stop();
process.stdout.write(JSON.stringify({ created: starts.filter((start) => start.created).length, result }));
process.exit(0);
