/** EventBridge events of Amazon ECS, by the table of what they lead to. */
import { z } from "zod";
import { Alert } from "../../../domain/alert.ts";
import { parseWith } from "../../parse.ts";
import { type Noted, type Reading, readingOf, type Sender, type TaskStop } from "../../sender.ts";
import { isoTime, keyOf, resolveTarget, type TriggerContext } from "../../target-resolution.ts";
import { isOrdinaryExit, stopReason } from "../../task-stop.ts";
import { matchesPattern } from "./event-pattern.ts";
import { ECS_EVENTS, NOTED_DETAIL_TYPES } from "./event-table.ts";
import { examples } from "./examples.ts";

const DETAIL_TYPES: ReadonlySet<unknown> = new Set([
  ...ECS_EVENTS.map(({ detailType }) => detailType),
  ...NOTED_DETAIL_TYPES,
]);

/** Nobody but AWS can put an event of this source on a bus; the detail type is anybody's. */
const EcsEvent = z.object({
  source: z.literal("aws.ecs", "is not aws.ecs: the event is not Amazon ECS's").nullish(),
  "detail-type": z.string(),
  time: z.string().refine((text) => isoTime(text) !== undefined, "not a time"),
  region: z.string().nullish(),
  resources: z.array(z.string()).nullish(),
  detail: z.object({
    eventType: z.string().nullish(),
    eventName: z.string().nullish(),
    clusterArn: z.string().nullish(),
    reason: z.string().nullish(),
    deploymentId: z.string().nullish(),
    group: z.string().nullish(),
    lastStatus: z.string().nullish(),
    stopCode: z.string().nullish(),
    stoppedReason: z.string().nullish(),
    taskArn: z.string().nullish(),
    containers: z
      .array(
        z.object({
          name: z.string().nullish(),
          reason: z.string().nullish(),
          exitCode: z.number().nullish(),
        }),
      )
      .nullish(),
  }),
});
type EcsEvent = z.infer<typeof EcsEvent>;

/** An impaired service repeats its event every few minutes; within this time it is the same alert. */
const SAME_ALERT_MS = 15 * 60_000;

export const ecsEvent: Sender = {
  title: "ECS event through EventBridge",
  recognises: (event) => DETAIL_TYPES.has(event["detail-type"]),
  read: (event, context, at): readonly Reading[] => {
    const parsed = parseWith(EcsEvent, event, at);
    if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
    const { value } = parsed;
    const row = ECS_EVENTS.find(
      ({ detailType, detail }) => detailType === value["detail-type"] && matchesPattern(detail, value.detail),
    );
    const note: Noted = { path: at || "(event)", what: eventText(value) };
    if (row === undefined || isHandled(value)) return [{ kind: "noted", noted: note }];
    if (row.rate !== undefined) return [stopOf(value, row.rate, note, context, at)];
    const name = value.detail.eventName ?? "";
    return [readingOf(alertOf(value, name, row.means ?? plainName(name), context, at))];
  },
  examples,
};

/** An event's own name, for people: `SERVICE_TASK_CONFIGURATION_FAILURE` is "task configuration failure". */
function plainName(name: string): string {
  const plain = name
    .replace(/^SERVICE_/, "")
    .toLowerCase()
    .replaceAll("_", " ");
  return plain === "" ? "an error without a name" : plain;
}

/** A container that ended on SIGTERM did what it was told to. */
function isHandled({ detail }: EcsEvent): boolean {
  return detail.lastStatus === "STOPPED" && isOrdinaryExit(detail.containers ?? []);
}

/** A stopped task repeats its service's fault; within this time it is the same alert. */
const SAME_STOP_MS = 60 * 60_000;

function stopOf(
  event: EcsEvent,
  rate: TaskStop["rate"],
  note: Noted,
  context: TriggerContext,
  at: string,
): Reading {
  const { detail } = event;
  const firedAt = isoTime(event.time) ?? context.receivedAt;
  const service = detail.group?.replace(/^service:/, "");
  const cluster = detail.clusterArn?.split("/").at(-1);
  const window = String(Math.floor(Date.parse(firedAt) / SAME_STOP_MS));
  const means =
    rate === "outOfMemory"
      ? "a task was stopped for lack of memory"
      : "tasks end by themselves, or do not start";
  const why = stopReason(detail.stoppedReason, detail.containers ?? []);
  const alert = parseWith(
    Alert,
    {
      key: keyOf("ecs-stop", detail.clusterArn ?? "", service ?? "", rate, window),
      source: "ecs-event",
      state: "ALARM",
      firedAt,
      receivedAt: context.receivedAt,
      title: `${service ?? "a service"}: ${means}${why === "" ? "" : `: ${why}`}`,
      ...resolveTarget({ name: event["detail-type"], cluster, service }, context),
      ...(event.region ? { region: event.region } : {}),
    },
    at,
  );
  if (!alert.ok) return { kind: "unreadable", problem: alert.problem };
  const taskArn = detail.taskArn ?? event.resources?.find((one) => one.includes(":task/"));
  return { kind: "stop", stop: { alert: alert.value, noted: note, rate, taskArn } };
}

function alertOf(event: EcsEvent, name: string, means: string, context: TriggerContext, at: string) {
  const firedAt = isoTime(event.time) ?? context.receivedAt;
  const arn = event.resources?.find((one) => one.includes(":service/")) ?? "";
  // arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE; ARNs from before 2018 have no cluster, which the detail names.
  const parts = arn.split("/").slice(1);
  const service = parts.at(-1);
  const own = parts.length > 1 ? parts[0] : undefined;
  const told = event.detail.clusterArn?.split("/").at(-1);
  const cluster = own ?? told;
  const which = event.detail.deploymentId ?? String(Math.floor(Date.parse(firedAt) / SAME_ALERT_MS));
  const title = `${service ?? "a service"}: ${means}${event.detail.reason ? `: ${event.detail.reason}` : ""}`;
  return parseWith(
    Alert,
    {
      key: keyOf("ecs", arn, name, which),
      source: "ecs-event",
      state: "ALARM",
      firedAt,
      receivedAt: context.receivedAt,
      title,
      ...(own !== undefined && told !== undefined && own !== told
        ? { targetProblem: `The event names two clusters, ${own} and ${told}: nothing is taken for either.` }
        : resolveTarget({ name, cluster, service }, context)),
      ...(event.region ? { region: event.region } : {}),
    },
    at,
  );
}

function eventText(event: EcsEvent): string {
  const { eventName, reason, group, lastStatus, stopCode, stoppedReason } = event.detail;
  const about = group ?? event.resources?.[0] ?? "";
  const named = eventName && [eventName, reason].filter(Boolean).join(", ");
  const what = named ?? [lastStatus, stopCode, stoppedReason].filter(Boolean).join(", ");
  return `${event["detail-type"]}${about === "" ? "" : ` of ${about}`}${what === "" ? "" : `: ${what}`}`.slice(
    0,
    500,
  );
}
