/** Waits, polls and callbacks. */
import { messageOf, nameOf, noRetry, oneSecond, type Scenario } from "./scenario.ts";

export const WAITS: readonly Scenario[] = [
  {
    title: "waits",
    workflow: () => async (_input, context) => {
      await context.wait("named", oneSecond);
      await context.wait(oneSecond);
      return "waited";
    },
  },
  {
    title: "waitForCondition",
    workflow: () => async (_input, context) =>
      context.waitForCondition("verify", async (count: number) => count + 1, {
        initialState: 0,
        waitStrategy: (count) =>
          count < 3 ? { shouldContinue: true, delay: oneSecond } : { shouldContinue: false },
      }),
  },
  {
    title: "waitForCondition whose check throws",
    workflow: () => async (_input, context) =>
      context
        .waitForCondition(
          "verify",
          async (): Promise<number> => {
            throw new Error("unreadable");
          },
          { initialState: 0, waitStrategy: () => ({ shouldContinue: false }) },
        )
        .catch(messageOf),
  },
  {
    title: "waitForCallback, completed",
    workflow: () => async (_input, context) =>
      context.waitForCallback("approve", async () => {}, { timeout: { hours: 1 } }),
    decisions: [{ name: "approve", result: JSON.stringify({ by: "someone" }) }],
  },
  {
    title: "waitForCallback, failed",
    workflow: () => async (_input, context) =>
      context.waitForCallback("approve", async () => {}).catch(nameOf),
    decisions: [{ name: "approve", error: "denied" }],
  },
  {
    title: "waitForCallback, timed out",
    workflow: () => async (_input, context) =>
      context.waitForCallback("approve", async () => {}, { timeout: oneSecond }).catch(nameOf),
  },
  {
    title: "createCallback, timed out on its heartbeat",
    workflow: () => async (_input, context) => {
      const [decision] = await context.createCallback("beat", { heartbeatTimeout: oneSecond });
      return decision.catch(messageOf);
    },
  },
  {
    title: "a submitter that fails",
    workflow: () => async (_input, context) =>
      context
        .waitForCallback(
          "approve",
          async () => {
            throw new Error("chat is down");
          },
          noRetry,
        )
        .catch(nameOf),
  },
];
