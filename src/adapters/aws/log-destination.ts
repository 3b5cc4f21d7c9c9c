/** Where a container's log lines go, by its log driver and its options, FireLens included. */
import type { ContainerDefinition, LogConfiguration } from "@aws-sdk/client-ecs";
import type { ContainerLogReading } from "../../domain/reading.ts";
import { defined } from "./defined.ts";

/**
 * Returns the destination of a container's lines; undefined where its definition has no log configuration. What is not
 * known is said in `unread` and never guessed.
 * @param containers all containers of the definition: one of them may be the log router
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
 */
export function logDestination(
  container: ContainerDefinition,
  containers: readonly ContainerDefinition[],
): ContainerLogReading | undefined {
  const { logConfiguration } = container;
  if (logConfiguration === undefined) return undefined;
  const driver = logConfiguration.logDriver ?? "unknown";
  const found =
    driver === "awslogs"
      ? awslogs(container.name ?? "", logConfiguration)
      : driver === "awsfirelens"
        ? fireLens(container.name ?? "", logConfiguration, containers)
        : { unread: elsewhere(driver) };
  return { driver, mode: modeOf(logConfiguration), ...defined(found) };
}

type Found = {
  readonly [K in Exclude<keyof ContainerLogReading, "driver" | "mode">]?: ContainerLogReading[K] | undefined;
};

/**
 * Without a mode AWS uses `non-blocking` since 2025-06-25, unless the account's `defaultLogDriverMode` says otherwise,
 * which no task definition shows.
 */
function modeOf({ options }: LogConfiguration): ContainerLogReading["mode"] {
  return options?.["mode"] === "blocking" ? "blocking" : "non-blocking";
}

/** Drivers of Docker that ECS knows, and where their lines go. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "json-file": "stay on the host (log driver json-file)",
  journald: "stay in the host's journal (log driver journald)",
  none: "are thrown away (log driver none)",
  splunk: "go to splunk",
  gelf: "go to a Graylog server (log driver gelf)",
  fluentd: "go to a fluentd server (log driver fluentd)",
  syslog: "go to a syslog server (log driver syslog)",
  logentries: "go to Logentries",
};

function elsewhere(driver: string): string {
  const known = ELSEWHERE[driver];
  return known === undefined
    ? `go through the log driver ${driver}, which is not known`
    : `${known}, not CloudWatch`;
}

/** Streams of `awslogs` are `prefix/container/task-id`; without a prefix they are the ids of Docker's containers. */
function awslogs(name: string, { options }: LogConfiguration): Found {
  const group = options?.["awslogs-group"];
  if (!group) return { unread: "go to a log group that the task definition does not name (awslogs-group)" };
  const prefix = options?.["awslogs-stream-prefix"];
  return {
    group,
    region: options?.["awslogs-region"] || undefined,
    streamPrefix: prefix ? `${prefix}/${name}/` : undefined,
  };
}

/** Files that the image of AWS for Fluent Bit has itself; they parse lines, and send none anywhere else. */
const HARMLESS_FILES =
  /^\/fluent-bit\/configs\/(?:parse-json|minimize-log-loss|plugin-metrics-(?:parse-json|to-cloudwatch))\.conf$/;

/** Outputs of Fluent Bit and Fluentd that write to CloudWatch Logs: in C, in Go, and in Ruby. */
const TO_CLOUDWATCH: ReadonlySet<string> = new Set(["cloudwatch", "cloudwatch_logs"]);

/**
 * FireLens: the options of the container are those of the router's output.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
 * @see https://docs.fluentbit.io/manual/pipeline/outputs/cloudwatch
 * @see https://github.com/aws/amazon-cloudwatch-logs-for-fluent-bit
 */
function fireLens(
  name: string,
  { options = {}, secretOptions = [] }: LogConfiguration,
  containers: readonly ContainerDefinition[],
): Found {
  // Fluent Bit reads its keys in any case.
  const given = new Map(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
  const router = containers.find(({ firelensConfiguration }) => firelensConfiguration !== undefined);
  const own = ownFile(router);
  const output = given.get("name") ?? given.get("@type");
  if (!output) {
    const through = router?.name === undefined ? "a log router" : `the log router ${router.name}`;
    return { unread: `go through ${through}, whose own configuration says where${own ?? ""}` };
  }
  if (!TO_CLOUDWATCH.has(output.toLowerCase())) {
    return {
      unread: output === "null" ? "are thrown away (output null)" : `go to ${output}, not CloudWatch`,
    };
  }
  if (given.get("role_arn")) {
    return {
      unread: `go to CloudWatch under another role (${given.get("role_arn")}), which may be another account's`,
    };
  }
  const secret = secretOptions.find((one) => DESTINATION.test(one.name ?? ""));
  if (secret) return { unread: `go where a secret says (${secret.name})` };
  const group = given.get("log_group_template") ?? given.get("log_group_name");
  if (!group)
    return { unread: `go to a log group that the task definition does not name (output ${output})` };
  return {
    group,
    region: given.get("region") || undefined,
    ...streamsOf(name, given, own !== undefined),
    unread:
      own === undefined
        ? undefined
        : `may also go elsewhere: the log router ${router?.name} has its own configuration${own}`,
  };
}

const DESTINATION = /^(?:log_group_\w+|region|role_arn|endpoint)$/i;

/** The router's own file, as the end of a sentence. */
function ownFile(router: ContainerDefinition | undefined): string | undefined {
  const { options } = router?.firelensConfiguration ?? {};
  const [type, value] = [options?.["config-file-type"], options?.["config-file-value"]];
  if (type === undefined || (type === "file" && HARMLESS_FILES.test(value ?? ""))) return undefined;
  return ` (${type} ${value ?? "unnamed"})`;
}

/**
 * Returns what the streams' names begin with, or the name of the one stream. FireLens' tag is
 * `container-firelens-task-id`, and follows a prefix; of a name with variables only what stands before them is known.
 * A router's own file may give other tags.
 */
function streamsOf(
  name: string,
  given: ReadonlyMap<string, string>,
  retagged: boolean,
): Pick<Found, "streamPrefix" | "oneStream"> {
  if (given.has("log_stream_template")) return {};
  const prefix = given.get("log_stream_prefix");
  const template = given.get("log_stream_name") ?? (prefix === undefined ? "" : `${prefix}$(tag)`);
  if (template !== "" && !template.includes("$")) return { streamPrefix: template, oneStream: true };
  const known = template.replace("$(tag)", retagged ? "$" : `${name}-firelens-$`).replace(/\$.*$/, "");
  return { streamPrefix: known || undefined };
}
