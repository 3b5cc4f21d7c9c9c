import type { Event } from "@aws-sdk/client-cloudtrail";
import { z } from "zod";
import type { ChangeReading } from "../../domain/reading.ts";
import { isoTime } from "./defined.ts";

/** The fields of CloudTrail's record that are used. */
const Detail = z.object({
  errorCode: z.string().nullish(),
  requestParameters: z.record(z.string(), z.unknown()).nullish(),
  userIdentity: z
    .object({
      type: z.string().nullish(),
      userName: z.string().nullish(),
      invokedBy: z.string().nullish(),
      sessionContext: z
        .object({ sessionIssuer: z.object({ userName: z.string().nullish() }).nullish() })
        .nullish(),
    })
    .nullish(),
});
type Detail = z.infer<typeof Detail>;

/** Names and counts. Policies, passwords, environment values and everything not listed here are left out. */
const harmlessParameters = [
  "service",
  "cluster",
  "desiredCount",
  "taskDefinition",
  "forceNewDeployment",
  "family",
  "roleName",
  "policyName",
  "policyArn",
  "groupId",
  "secretId",
  "dBInstanceIdentifier",
  "dBClusterIdentifier",
  "targetGroupArn",
  "listenerArn",
  "loadBalancerArn",
  "resourceId",
  "minCapacity",
  "maxCapacity",
  "repositoryName",
  "name",
] as const;

const longestName = 120;

/** Converts a CloudTrail event; undefined for reads, for refused calls, and without a time. */
export function toChangeReading(event: Event): ChangeReading | undefined {
  const at = isoTime(event.EventTime);
  if (at === undefined || event.EventName === undefined || event.ReadOnly === "true") return undefined;
  const detail = detailOf(event.CloudTrailEvent);
  if (detail?.errorCode) return undefined;
  return {
    id: event.EventId ?? "",
    at,
    event: plain(event.EventName),
    service: plain(event.EventSource ?? "").replace(/\.amazonaws\.com$/, ""),
    who: whoOf(detail),
    resources: [
      ...new Set((event.Resources ?? []).flatMap(({ ResourceName }) => shortName(ResourceName) ?? [])),
    ],
    parameters: parametersOf(detail),
  };
}

function detailOf(text: string | undefined): Detail | undefined {
  try {
    return Detail.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

/** A role's session is often named after a person's address, so only the role's name is used. */
function whoOf(detail: Detail | undefined): string {
  const identity = detail?.userIdentity;
  const name = identity?.sessionContext?.sessionIssuer?.userName ?? identity?.userName ?? identity?.invokedBy;
  if (name) return plain(name.split("@", 1)[0] ?? "");
  return identity?.type === "Root" ? "root" : "unknown";
}

function parametersOf(detail: Detail | undefined): Record<string, string> {
  const given = detail?.requestParameters ?? {};
  return Object.fromEntries(
    harmlessParameters.flatMap((name) => {
      const value = given[name];
      if (typeof value === "string") return [[name, shortName(value) ?? ""]];
      return typeof value === "number" || typeof value === "boolean" ? [[name, String(value)]] : [];
    }),
  );
}

/** Returns the last part of an ARN; a secret's ARN ends in its name. */
function shortName(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const [, resource] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.*)$/.exec(value) ?? [];
  return plain(
    (resource ?? value).replace(/^(secret|cluster|service|db|role|policy|task-definition)[:/]/, ""),
  );
}

/** Returns the text if AWS allows it as a name. */
function plain(text: string): string {
  return text.replace(/[^\w+=,.@:/*-]/g, "?").slice(0, longestName);
}
