import type { Task } from "../ecs/model.ts";
import { callInside, type Range } from "../range.ts";
import type { TaskInjection } from "./injection.ts";
import { fillIn } from "./scenario.ts";

type WriteMetric = Extract<TaskInjection, { kind: "write-metric" }>;

/** A message with `${task}` filled in; others may hold `${}` of their own and stay as they are. */
export function ofTask(task: Task, message: Record<string, unknown>): Record<string, unknown> {
  return "metric" in message ? (fillIn(message, new Map([["task", task.id]])) as typeof message) : message;
}

/** Writes the metric by PutMetricData once a second, for as long as the task's process runs. */
export function writeMetric(range: Range, task: Task, step: WriteMetric): void {
  const { dimensions } = fillIn(step, new Map([["task", task.id]])) as WriteMetric;
  const started = range.world.now();
  const write = () => {
    const share = Math.min(1, (range.world.now() - started) / 1000 / step.seconds);
    const Value = step.from + (step.to - step.from) * share;
    void callInside(range, "PutMetricData", {
      Namespace: step.namespace,
      MetricData: [
        {
          MetricName: step.metric,
          Dimensions: Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value })),
          Timestamp: range.world.now() / 1000,
          Value,
        },
      ],
    });
  };
  const timer = setInterval(() => {
    if (task.status === "STOPPED") clearInterval(timer);
    else write();
  }, 1000);
  // The sandbox may end while it still writes.
  timer.unref();
}
