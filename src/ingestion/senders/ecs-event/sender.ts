/**
 * EventBridge events of Amazon ECS. Alerts are those whose own type is ERROR, and tasks that do not start: the service
 * cannot get or keep its tasks. All others also occur in a healthy service and are noted. @see
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
import { z } from "zod";
import { Alert } from "../../../domain/alert.ts";
import { parseWith } from "../../parse.ts";
import { noted, type Reading, readingOf, type Sender } from "../../sender.ts";
import { isoTime, keyOf, resolveTarget, type TriggerContext } from "../../target-resolution.ts";
import { examples } from "./examples.ts";

/** Event names that are alerts, with their titles; others of type ERROR are told by their own name. */
const ALERTS: Readonly<Record<string, string>> = {
  SERVICE_DEPLOYMENT_FAILED: "the deployment failed",
  SERVICE_TASK_START_IMPAIRED: "tasks do not start",
  SERVICE_TASK_PLACEMENT_FAILURE: "tasks cannot be placed",
};

const DETAIL_TYPES: ReadonlySet<unknown> = new Set([
  "ECS Task State Change",
  "ECS Deployment State Change",
  "ECS Service Action",
  "ECS Container Instance State Change",
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
    const name = parsed.value.detail.eventName ?? "";
    const means = meaningOf(name, parsed.value.detail.eventType);
    if (means === undefined) return [noted(at, eventText(parsed.value))];
    return [readingOf(alertOf(parsed.value, name, means, context, at))];
  },
  examples,
};

/** Returns what an alert is about; undefined for an event that also occurs in a healthy service. */
function meaningOf(name: string, type: string | null | undefined): string | undefined {
  if (Object.hasOwn(ALERTS, name)) return ALERTS[name];
  if (type !== "ERROR" || name === "") return undefined;
  return name
    .replace(/^SERVICE_/, "")
    .toLowerCase()
    .replaceAll("_", " ");
}

function alertOf(event: EcsEvent, name: string, means: string, context: TriggerContext, at: string) {
  const firedAt = isoTime(event.time) ?? context.receivedAt;
  const arn = event.resources?.find((one) => one.includes(":service/")) ?? "";
  // arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE; ARNs from before 2018 have no cluster, which the detail names.
  const parts = arn.split("/").slice(1);
  const service = parts.at(-1);
  const cluster = parts.length > 1 ? parts[0] : event.detail.clusterArn?.split("/").at(-1);
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
      ...resolveTarget({ name, cluster, service }, context),
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
