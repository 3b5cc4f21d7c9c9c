/** Parallel branches, maps, child contexts and combinators. */
import { setTimeout as sleep } from "node:timers/promises";
import { nameOf, noRetry, oneSecond, retryTwice, type Scenario } from "./scenario.ts";

export const CONTEXTS: readonly Scenario[] = [
  {
    title: "parallel: a step, a wait, a retry, a failure",
    workflow: () => {
      let attempts = 0;
      return async (_input, context) => {
        const batch = await context.parallel(
          "evidence",
          [
            { name: "fast", func: async (branch) => branch.step("read", async () => 1) },
            {
              name: "slow",
              func: async (branch) => {
                await branch.wait("pause", oneSecond);
                return 2;
              },
            },
            {
              name: "flaky",
              func: async (branch) =>
                branch.step(
                  "flaky",
                  async () => {
                    attempts += 1;
                    if (attempts < 2) throw new Error("once");
                    return 3;
                  },
                  retryTwice,
                ),
            },
            {
              name: "broken",
              func: async (branch): Promise<number> =>
                branch.step(
                  "broken",
                  async () => {
                    throw new Error("gap");
                  },
                  noRetry,
                ),
            },
          ],
          { completionConfig: { toleratedFailureCount: 1 } },
        );
        return { status: batch.status, results: batch.getResults(), failures: batch.failureCount };
      };
    },
  },
  {
    title: "parallel: a wait ends while another branch is busy",
    workflow: () => async (_input, context) => {
      const batch = await context.parallel("race", [
        async (branch) => {
          await branch.wait("short", oneSecond);
          return "waited";
        },
        async (branch) => branch.step("busy", async () => sleep(300, "worked")),
      ]);
      return batch.getResults();
    },
  },
  {
    title: "parallel that needs only one success, with a wait left over",
    workflow: () => async (_input, context) => {
      const batch = await context.parallel(
        "any",
        [
          async (branch) => branch.step("quick", async () => "first"),
          async (branch) => {
            await branch.wait("left-over", { hours: 1 });
            return "late";
          },
        ],
        { completionConfig: { minSuccessful: 1 } },
      );
      await context.wait("after", oneSecond);
      return [batch.completionReason, batch.getResults()];
    },
    leftOver: ["left-over"],
  },
  {
    title: "map with limited concurrency",
    workflow: () => async (_input, context) => {
      const batch = await context.map(
        "each",
        [1, 2, 3],
        async (item, index) => item.step(`double-${index}`, async (): Promise<number> => index * 2),
        { maxConcurrency: 2 },
      );
      return batch.getResults();
    },
  },
  {
    title: "child contexts, nested, one that fails",
    workflow: () => async (_input, context) => {
      const inner = await context.runInChildContext("outer", async (outer) =>
        outer.runInChildContext("inner", async (child) => {
          await child.wait("pause", oneSecond);
          return child.step("deep", async () => "deep");
        }),
      );
      const failed = await context
        .runInChildContext("failing", async (child) => {
          await child.step("fine", async () => 1);
          throw new Error("child failed");
        })
        .catch(nameOf);
      await context.wait("replay", oneSecond);
      return [inner, failed];
    },
  },
  {
    title: "a child context whose result is too large to store is replayed from its children",
    workflow: () => {
      let bodies = 0;
      return async (_input, context) => {
        const text = await context.runInChildContext("large", async (child) => {
          const parts: string[] = [];
          for (let part = 0; part < 3; part++) {
            parts.push(
              await child.step(`part-${part}`, async () => {
                bodies += 1;
                return "x".repeat(100 * 1024);
              }),
            );
          }
          return parts.join("");
        });
        await context.wait("replay", oneSecond);
        return { length: text.length, bodies };
      };
    },
  },
  {
    title: "promise combinators",
    workflow: () => async (_input, context) =>
      context.promise.all("all", [context.step("a", async () => 1), context.step("b", async () => 2)]),
  },
];
