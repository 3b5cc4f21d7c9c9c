/** Load-balancer target health, matched to tasks by address and port. */
import type {
  TargetGroupReading,
  TargetHealthReading,
  TaskDefinitionReading,
  TaskReading,
} from "../../domain/reading.ts";
import type { FactDraft } from "../source.ts";
import { shortId } from "./task-facts.ts";

/** One fact for every target that is not simply healthy, and one that counts the healthy ones. */
export function targetFacts(
  group: TargetGroupReading,
  targets: readonly TargetHealthReading[],
  tasks: readonly TaskReading[],
  definition?: TaskDefinitionReading,
): FactDraft[] {
  const label = group.targetGroupDimension;
  const wrongPort = portThatNobodyOpens(group, definition);
  const asks = wrongPort === undefined ? "" : `; its check asks port ${wrongPort}, which no container opens`;
  const check = checkOf(group);
  const sick = targets.filter((target) => target.state !== "healthy");
  const healthy = targets.length - sick.length;
  const facts: FactDraft[] = sick.map((target) => {
    const behind = tasks.filter((candidate) => isBehind(candidate, target));
    const task = behind.length === 1 ? behind[0] : undefined;
    return {
      kind: "target-health",
      provenance: "control-plane",
      statement: `Target ${target.id}:${target.port ?? "?"}${task ? ` (task ${shortId(task.id)})` : ""} is ${target.state}${target.reason ? `: ${target.reason}` : ""}${target.description ? `, ${target.description}` : ""}${asks}.`,
      data: {
        state: target.state,
        targetGroup: label,
        target: `${target.id}:${target.port ?? "?"}`,
        ...(target.reason === undefined ? {} : { reason: target.reason }),
        ...(target.description === undefined ? {} : { description: target.description }),
        ...(wrongPort === undefined ? {} : { wrongPort }),
        ...(check === undefined ? {} : { check }),
        ...(task === undefined ? {} : { taskId: task.id }),
      },
    };
  });
  if (healthy > 0) {
    facts.push({
      kind: "target-health",
      provenance: "control-plane",
      statement: `${healthy} of ${targets.length} targets are healthy.`,
      data: { state: "healthy", targetGroup: label, target: `${healthy} of ${targets.length}` },
    });
  }
  return facts;
}

/** Returns what the check asks and expects, as the target group says it; undefined where it says nothing. */
function checkOf({
  healthCheckPath: path,
  healthCheckPort: port,
  healthCheckProtocol: protocol,
  healthCheckCodes: codes,
  healthCheckTimeoutSeconds: seconds,
}: TargetGroupReading): string | undefined {
  if (protocol === undefined) return undefined;
  return [
    `${protocol}${path === undefined ? "" : ` ${path}`}${port === undefined || port === "traffic-port" ? "" : ` on port ${port}`}`,
    ...(codes === undefined ? [] : [`expects ${codes}`]),
    ...(seconds === undefined ? [] : [`within ${seconds} s`]),
  ].join(", ");
}

/** Returns the port of the group's check where it is a number that no container of the task definition opens. */
function portThatNobodyOpens(
  { healthCheckPort }: TargetGroupReading,
  definition: TaskDefinitionReading | undefined,
): number | undefined {
  const port = Number(healthCheckPort);
  const opened = definition?.containers.flatMap(({ ports }) => ports) ?? [];
  return Number.isInteger(port) && opened.length > 0 && !opened.includes(port) ? port : undefined;
}

/**
 * Whether the task is behind the target. awsvpc tasks are found by address; bridge and host tasks by their host port.
 */
export function isBehind(task: TaskReading, target: TargetHealthReading): boolean {
  return task.containers.some((container) =>
    container.privateAddress === undefined
      ? container.hostPort !== undefined && container.hostPort === target.port
      : container.privateAddress === target.id,
  );
}
