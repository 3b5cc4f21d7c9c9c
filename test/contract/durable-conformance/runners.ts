/** Runs a scenario in the SDK's own test runner, and in this engine; both answer in the same terms. */
import { type DurableContext, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { LocalDurableTestRunner, WaitingOperationStatus } from "@aws/durable-execution-sdk-js-testing";
import { createDurableEngine } from "../../../packages/durable-sqlite/index.ts";
import type { Scenario } from "./scenario.ts";

type OperationShape = {
  id: string | undefined;
  parentId: string | undefined;
  type: string | undefined;
  subType: string | undefined;
  name: string | undefined;
  status: string | undefined;
};

export type Trace = {
  status: string | undefined;
  output: unknown;
  error: { type: string | undefined; message: string | undefined } | undefined;
  operations: OperationShape[];
};

const INPUT = { seed: 41 };
/** The engine's second is this much shorter; the test runner skips time altogether. */
const SPEED = 20;

export async function runInTestRunner(scenario: Scenario): Promise<Trace> {
  const handlerFunction = withDurableExecution(scenario.workflow());
  const runner = new LocalDurableTestRunner({ handlerFunction });
  const running = runner.run({ payload: INPUT });
  for (const { name, result, error } of scenario.decisions ?? []) {
    const operation = runner.getOperation(name);
    await operation.waitForData(WaitingOperationStatus.SUBMITTED);
    if (error === undefined) await operation.sendCallbackSuccess(result);
    else await operation.sendCallbackFailure({ ErrorMessage: error });
  }
  const finished = await running;
  const status = finished.getStatus();
  const error = status === "FAILED" ? finished.getError() : undefined;
  return {
    status,
    output: status === "SUCCEEDED" ? finished.getResult() : undefined,
    error: error && { type: error.errorType, message: error.errorMessage },
    operations: sortById(
      finished.getOperations().map((operation) => ({
        id: operation.getId(),
        parentId: operation.getParentId(),
        type: operation.getType(),
        subType: operation.getSubType(),
        name: operation.getName(),
        status: operation.getStatus(),
      })),
    ),
  };
}

export async function runInEngine(scenario: Scenario): Promise<Trace> {
  const workflow: (input: typeof INPUT, context: DurableContext) => Promise<unknown> = scenario.workflow();
  const clock = () => Date.now() * SPEED;
  const engine = createDurableEngine({ database: ":memory:", workflow, codeVersion: "1", clock, pollMs: 5 });
  await engine.start("scenario", INPUT);
  for (const decision of scenario.decisions ?? []) {
    const callbackId = await findCallback(engine, decision.name);
    if (decision.error === undefined) await engine.completeCallback(callbackId, decision.result ?? "");
    else await engine.failCallback(callbackId, { message: decision.error });
  }
  const result = await engine.waitFor("scenario");
  const operations = await engine.operations("scenario");
  await engine.stop();
  return {
    status: result.status,
    output: result.status === "SUCCEEDED" ? result.output : undefined,
    error:
      result.status === "FAILED" ? { type: result.error.type, message: result.error.message } : undefined,
    operations: sortById(
      operations.map(({ id, parentId, type, subType, name, status }) => ({
        id,
        parentId,
        type,
        subType,
        name,
        status,
      })),
    ),
  };
}

async function findCallback(
  engine: Pick<ReturnType<typeof createDurableEngine>, "operations">,
  name: string,
): Promise<string> {
  for (;;) {
    const operations = await engine.operations("scenario");
    const parent = operations.find((operation) => operation.name === name);
    const callback = operations.find(({ parentId, callbackId }) => callbackId && parentId === parent?.id);
    if (callback?.callbackId) return callback.callbackId;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function sortById(operations: OperationShape[]): OperationShape[] {
  return operations.sort((left, right) => String(left.id).localeCompare(String(right.id)));
}
