import type { LogSink } from "../../telemetry/types.ts";
import type { World } from "../../world.ts";
import type { Container, Task } from "../model.ts";

/** Takes one line that a container printed. */
type Print = (line: string) => void;

/**
 * Where the lines of a container go, by its log driver. `awslogs`: stream `prefix/container/task`, or the id of the
 * container without a prefix. `awsfirelens`: to the log router of the task while that runs, and on to CloudWatch where
 * its options say so. Another Region or destination is not here, so that the line is lost to this AWS.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html
 */
export function logWriter(task: Task, container: Container, logs: LogSink, world: World): Print {
  const { name, log } = container.definition;
  const into = (group: string, stream: string): Print => {
    logs.createGroup(group);
    return (message) => logs.put(group, stream, [{ at: world.now(), message }]);
  };
  if (log === undefined) return into(`/ecs/${task.service.name}`, `ecs/${name}/${task.id}`);
  if (log.driver === "other") return drop;
  if (log.driver === "awslogs") {
    if (log.region !== undefined && log.region !== world.region) return drop;
    const stream = log.prefix === undefined ? container.runtimeId : `${log.prefix}/${name}/${task.id}`;
    return into(log.group, stream);
  }
  return throughRouter(task, container, log.options, into, world.region);
}

const drop: Print = () => {};

/** The output plugins of Fluent Bit that write to CloudWatch Logs: the one in C and the one in Go. */
const cloudWatchOutputs = new Set(["cloudwatch_logs", "cloudwatch"]);

function throughRouter(
  task: Task,
  container: Container,
  given: Readonly<Record<string, string>>,
  into: (group: string, stream: string) => Print,
  region: string,
): Print {
  const { name } = container.definition;
  const options = Object.fromEntries(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
  const group = options["log_group_name"];
  const isHere = options["region"] === undefined || options["region"] === region;
  if (!cloudWatchOutputs.has(options["name"] ?? "") || group === undefined || !isHere) return drop;
  const tag = `${name}-firelens-${task.id}`;
  const fill = (text: string) =>
    text
      .replaceAll("$(tag)", tag)
      .replaceAll("$(ecs_task_id)", task.id)
      .replaceAll("$(ecs_cluster)", task.cluster.name);
  const stream = options["log_stream_name"] ?? `${options["log_stream_prefix"] ?? ""}${tag}`;
  const write = into(fill(group), fill(stream));
  const isBare = options["log_key"] === "log";
  return (line) => {
    const router = task.containers.find((one) => one.definition.isLogRouter);
    if (router?.status === "RUNNING") write(isBare ? line : recordOf(task, container, line));
  };
}

/** A line as Fluent Bit sends it, with the metadata of ECS. */
function recordOf(task: Task, container: Container, log: string): string {
  return JSON.stringify({
    container_id: `${task.id}-${container.runtimeId.slice(0, 10)}`,
    container_name: container.definition.name,
    ecs_cluster: task.cluster.name,
    ecs_task_arn: task.arn,
    ecs_task_definition: `${task.definition.family}:${task.definition.revision}`,
    log,
    source: "stdout",
  });
}
