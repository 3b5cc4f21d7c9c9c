/** Sentences that AWS writes, recognised as a whole. Whoever may stop a task or edit an alarm can write the rest. */

const ARN = "arn:[^\\s)]{1,300}";

/**
 * Sentences matched as a whole, each with the text that replaces it. Sources: "Stopped tasks error
 * messages" and "Amazon ECS service event messages" of the ECS developer guide, and the alarms of CloudWatch. Only
 * numbers are taken from the original.
 */
const SENTENCES: readonly (readonly [pattern: RegExp, replacement: (match: RegExpExecArray) => string])[] = [
  ...[
    "Essential container in task exited",
    "OutOfMemoryError: Container killed due to memory usage",
    "OutOfMemory: Task killed due to memory usage",
    "Task failed container health checks",
    "Your Spot Task was interrupted",
    "ECS is performing maintenance on the underlying infrastructure hosting the task",
    "Task stopped by user",
    "ECS deployment circuit breaker: tasks failed to start",
    "Capacity is unavailable at this time. Please try again later or in a different availability zone",
  ].map((sentence) => [exactly(sentence), () => sentence] as const),
  [
    whole(`Task failed ELB health checks in \\(target-group ${ARN}\\)`),
    () => "Task failed ELB health checks",
  ],
  [
    whole("Scaling activity initiated by \\(deployment ecs-svc/\\d{1,30}\\)"),
    () => "Scaling activity initiated by a deployment",
  ],
  [whole("Host EC2 \\(instance i-[0-9a-f]{8,17}\\) (stopped|terminated)"), (m) => `EC2 host ${m[1]}`],
  [
    whole("ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/\\d{1,30}"),
    () => "ECS deployment circuit breaker: rolling back",
  ],
  [whole("ECS deployment ecs-svc/\\d{1,30} (completed|in progress)"), (m) => `ECS deployment ${m[1]}`],
  [whole("Successfully set desired count to (\\d{1,6})\\. .{0,80}"), (m) => `desired count set to ${m[1]}`],
  [whole("Setting desired count to (\\d{1,6})"), (m) => `Setting desired count to ${m[1]}`],
  [
    whole(
      "(Threshold Crossed: \\d{1,4} (?:out of the last \\d{1,4} )?datapoints? [-\\[\\]().,:/ \\dE+]{1,400} (?:was|were) (?:greater|less) than (?:or equal to )?the threshold \\([-\\d.E+]{1,30}\\))(?: \\(minimum \\d{1,4} datapoints? for OK -> ALARM transition\\))?",
    ),
    (m) => m[1] ?? "",
  ],
  [
    whole(
      "(Threshold Crossed: no datapoints were received for \\d{1,4} periods? and \\d{1,4} missing datapoints? (?:was|were) treated as \\[(?:Breaching|NonBreaching)\\])",
    ),
    (m) => m[1] ?? "",
  ],
  [
    whole(
      `is unhealthy in \\(target-group ${ARN}\\) due to \\(reason (?:(Request timed out)|(Health checks failed)(?: with these codes: (\\[[\\d, ]{1,60}\\]))?)\\)`,
    ),
    (m) => `is unhealthy in a target group: ${m[1] ?? `${m[2]}${m[3] === undefined ? "" : ` with ${m[3]}`}`}`,
  ],
  [
    whole("is unable to consistently start tasks successfully(?:\\. For more information, .{0,200})?"),
    () => "is unable to consistently start tasks successfully",
  ],
  [
    whole(
      "was unable to place a task because no container instance met all of its requirements(?:\\. The closest matching \\(?container-instance [\\w-]{1,80}\\)? (has insufficient (?:CPU units|memory) available))?(?:\\. For more information, .{0,200})?",
    ),
    (m) =>
      `was unable to place a task: no container instance met its requirements${m[1] ? `, one ${m[1]}` : ""}`,
  ],
  [whole("has reached a steady state"), () => "has reached a steady state"],
  [
    whole("has (started|stopped) (\\d{1,4}) (?:running )?tasks?: .{1,2000}"),
    (m) => `has ${m[1]} ${m[2]} tasks`,
  ],
  [
    whole(`(registered|deregistered) (\\d{1,4}) targets? in \\(target-group ${ARN}\\)`),
    (m) => `${m[1]} ${m[2]} targets`,
  ],
  [
    whole("has begun draining connections on (\\d{1,4}) tasks?"),
    (m) => `has begun draining connections on ${m[1]} tasks`,
  ],
  [whole("deployment (completed|failed: tasks failed to start)"), (m) => `deployment ${m[1]}`],
  [whole("rolling back to deployment ecs-svc/\\d{1,30}"), () => "rolling back to an earlier deployment"],
  [
    whole(
      "was unable to place a task\\. Reason: (No Container Instances were found in your (?:cluster|capacity provider)|Capacity is unavailable at this time\\. Please try again later or in a different availability zone|You've reached the limit on the number of (?:tasks|vCPUs|Fargate Spot tasks) you can run concurrently)(?:\\. For more information, .{0,200})?",
    ),
    (m) => `was unable to place a task: ${m[1]}`,
  ],
  [
    whole("Timeout waiting for (network interface|EphemeralStorage) provisioning to complete"),
    (m) => `Timeout waiting for ${m[1]} provisioning to complete`,
  ],
  [
    whole("Could not transition to (running|created|stopped); timed out after waiting ([\\dms]{2,10})"),
    (m) => `Could not transition to ${m[1]}; timed out after waiting ${m[2]}`,
  ],
  [
    whole("operations are being throttled on (?:elb|ecs|ELB|ECS|autoscaling|EC2)\\. Will try again later"),
    () => "operations are being throttled",
  ],
];

/**
 * Names with which ECS begins the reason of a task that did not start or run. What follows repeats registries, runtimes
 * and paths, and is shown as any other untrusted text. Source: "Amazon ECS stopped tasks error messages".
 */
const ERROR =
  /^((?:CannotPull|CannotStart|CannotCreate|CannotInspect|CannotStop)(?:Container|ECRContainer|Image)?Error|ResourceInitializationError|ContainerRuntime(?:Timeout)?Error|DockerTimeoutError|TaskFailedToStart|TaskSpotInterrupted|InternalError|OutOfMemoryError|NonRetryableError|RequestError|AgentError)(: unable to pull secrets or registry auth| failed to initialize logging driver)?(?:: |\. |$)/;

/** Returns a sentence of AWS with its variables taken out; undefined where it is none. */
export function awsSentence(line: string, abstract: (rest: string) => string): string | undefined {
  for (const [pattern, replacement] of SENTENCES) {
    const match = pattern.exec(line);
    if (match !== null) return replacement(match);
  }
  const [begun, name, more = ""] = ERROR.exec(line) ?? [];
  if (begun === undefined) return undefined;
  const rest = line.slice(begun.length);
  return `${name}${more}${rest === "" ? "" : `: ${abstract(rest)}`}`;
}

function exactly(sentence: string): RegExp {
  return whole(sentence.replaceAll(/[.()]/g, "\\$&"));
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}\\.?$`);
}
