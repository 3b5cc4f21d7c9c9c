import { expect, it } from "vitest";
import { createLogDigest } from "../../../packages/log-templates/index.ts";
import type { FactOf } from "../../domain/evidence.ts";
import { streamOwner } from "../../domain/log-places.ts";
import { logFacts } from "./log-facts.ts";

const ONSET = Date.parse("2026-11-23T07:00:00Z");
const anyOwner = streamOwner({ group: "/ecs/web", containers: [], beside: [], mayLose: false }, undefined);
const task = (digit: string): string => digit.repeat(32);

function factsOf(lines: readonly (readonly [stream: string, message: string])[]) {
  const digest = createLogDigest({ onset: ONSET });
  digest.add(lines.map(([stream, message], i) => ({ t: ONSET + i, stream, message })));
  return logFacts(digest.finish(), ONSET, anyOwner) as FactOf<"log-pattern">[];
}

it("says in which tasks of how many a pattern stands: AWS names the streams", () => {
  const [error] = factsOf([
    [`app/web/${task("a")}`, "ERROR checkout failed"],
    [`app/web/${task("a")}`, "ERROR checkout failed"],
    [`app/web/${task("b")}`, "started"],
    [`web-firelens-${task("c")}`, "started"],
  ]);

  expect(error?.data).toMatchObject({ count: 2, taskIds: [task("a")], taskCount: 1, taskTotal: 3 });
});

it("says nothing of tasks where the streams name none", () => {
  const [error] = factsOf([["2024/01/02/[1]", "ERROR checkout failed"]]);

  expect(error?.data).not.toHaveProperty("taskCount");
});

it("names at most twenty tasks, and counts all", () => {
  const [error] = factsOf(
    Array.from({ length: 30 }, (_entry, i) => [
      `app/web/${String(i).padStart(32, "0")}`,
      "ERROR checkout failed",
    ]),
  );

  expect(error?.data.taskIds).toHaveLength(20);
  expect(error?.data.taskCount).toBe(30);
});

it("keeps real words beside the statement, which has none", () => {
  const [error] = factsOf([[`app/web/${task("a")}`, "ERROR table orders_v2 of Grossmarkt is broken"]]);

  expect(error?.data.lines).toEqual(["table orders_v2 of Grossmarkt is broken"]);
  expect(error?.statement).not.toMatch(/Grossmarkt|orders_v2/);
});

it("keeps the words of the fifteen most important patterns only", () => {
  const faults =
    "absent ambiguous broken cancelled closed conflict corrupt crashed dead deadlock denied deprecated died down empty evicted exhausted expired fatal forbidden";
  const facts = factsOf(faults.split(" ").map((fault) => ["s", `ERROR it is ${fault}`]));

  expect(facts.length).toBeGreaterThan(15);
  expect(facts.filter(({ data }) => data.lines !== undefined)).toHaveLength(15);
});
