/**
 * Untrusted text as it may stand in a prompt. Not only logs carry it: whoever may stop a task, push an image or edit
 * an alarm chooses words that ECS and CloudWatch repeat.
 */
import { templateOf } from "../../../packages/log-templates/index.ts";
import { oneLine } from "./text.ts";

const ARN = "arn:[^\\s)]{1,300}";

/**
 * Sentences that AWS writes, matched as a whole, each with the text that replaces it. Sources: "Stopped tasks error
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
  [
    whole("operations are being throttled on (?:elb|ecs|ELB|ECS|autoscaling|EC2)\\. Will try again later"),
    () => "operations are being throttled",
  ],
];

const ABOUT =
  /^\(service [\w-]{1,255}\) (?:\((?:port|instance|deployment|task|taskSet) [\w/:.-]{1,200}\) ){0,3}/;

/** Returns AWS's own sentence where it is one, else typed tokens and words of a closed vocabulary. */
export function untrustedText(text: string): string {
  const line = oneLine(text).replace(ABOUT, "");
  for (const [pattern, replacement] of SENTENCES) {
    const match = pattern.exec(line);
    if (match !== null) return replacement(match);
  }
  return templateOf(line);
}

/** Returns at most two words of the closed vocabulary from a name that somebody chose. */
export function untrustedName(name: string): string {
  const words = oneLine(name)
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .toLowerCase();
  return templateOf(words);
}

/** Returns a name of at most three short words, quoted; a longer one could be a sentence and is not shown. */
export function shortName(name: string): string {
  return /^[A-Za-z0-9]{1,24}(?:[-_.][A-Za-z0-9]{1,24}){0,2}$/.test(name) ? JSON.stringify(name) : "<name>";
}

/** Returns a tag, digest or revision as pipelines make them: a version, hash, date or build number. */
export function versionOf(text: string): string {
  return /^(?:v?\d{1,14}(?:\.\d{1,8}){0,3}(?:-(?:rc|alpha|beta|build|hotfix)?\.?\d{0,6})?|(?:sha256:|sha-|git-|g)?[0-9a-f]{7,64}|latest|stable|main|master|prod|production|staging|dev)$/i.test(
    text,
  )
    ? text.slice(0, 30)
    : "<tag>";
}

function exactly(sentence: string): RegExp {
  return whole(sentence.replaceAll(/[.()]/g, "\\$&"));
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}\\.?$`);
}
