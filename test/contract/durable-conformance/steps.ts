/** Steps, retries and failures. */
import { StepSemantics } from "@aws/durable-execution-sdk-js";
import { messageOf, noRetry, retryTwice, type Scenario } from "./scenario.ts";

export const STEPS: readonly Scenario[] = [
  {
    title: "steps one after another, one without a result",
    workflow: () => async (input, context) => {
      const first = await context.step("first", async () => ({ seed: input.seed, list: [1, null] }));
      await context.step("nothing", async () => {});
      return context.step(async () => first.seed + 1);
    },
  },
  {
    title: "a step that succeeds at the third attempt",
    workflow: () => {
      let attempts = 0;
      return async (_input, context) =>
        context.step(
          "flaky",
          async () => {
            attempts += 1;
            if (attempts < 3) throw new Error(`attempt ${attempts}`);
            return attempts;
          },
          retryTwice,
        );
    },
  },
  {
    title: "a step that never succeeds fails the execution",
    workflow: () => async (_input, context) =>
      context.step(
        "broken",
        async () => {
          throw new TypeError("no");
        },
        retryTwice,
      ),
  },
  {
    title: "an at-most-once step, then one that fails and is caught",
    workflow: () => async (_input, context) => {
      const options = { ...noRetry, semantics: StepSemantics.AtMostOncePerRetry };
      const act = await context.step("act", async () => "acted", options);
      const failed = await context
        .step(
          "fail",
          async () => {
            throw new Error("refused");
          },
          options,
        )
        .catch(messageOf);
      return [act, failed];
    },
  },
  {
    title: "a workflow that throws",
    workflow: () => async (_input, context) => {
      await context.step("before", async () => 1);
      throw new RangeError("out of range");
    },
  },
];
