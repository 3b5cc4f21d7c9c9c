import { createHash } from "node:crypto";
import { ECS_NAME, type Target } from "../domain/target.ts";

/** Trusted configuration that reading an event needs. */
export interface TriggerContext {
  /** ISO 8601; when this process received the event. */
  readonly receivedAt: string;
  /** The configured cluster. An alarm that names another one is not acted on. */
  readonly cluster?: string;
  /** The policy's rules for alarms without ECS dimensions; the first that matches applies. */
  readonly alarms: readonly AlarmRule[];
  /** Labels that name cluster and service, for senders without dimensions; the first that is present applies. */
  readonly alertLabels?: { readonly cluster: readonly string[]; readonly service: readonly string[] };
}

/** A rule matches when the name and every label match. */
export interface AlarmRule {
  readonly pattern: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly service: string;
}

export type TargetResolution = { readonly target: Target } | { readonly targetProblem: string };

/**
 * The name that target tracking gives its alarms: those on requests for each target have no ECS dimension. A name is a
 * hint, as the message is: what the alarm is and does is read from AWS.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
const TARGET_TRACKING =
  /^TargetTracking-service\/(?<cluster>[\w-]+)\/(?<service>[\w-]+)-(?:AlarmHigh|AlarmLow|ProvisionCapacity)-/;

/**
 * Finds the service of an alarm: its own ECS dimensions first, then the policy's patterns, then the name that target
 * tracking gives its own alarms. A cluster other than the configured one is a problem, never corrected, and so is what
 * ECS takes as no name.
 */
export function resolveTarget(
  input: {
    readonly name: string;
    readonly cluster?: string | undefined;
    readonly service?: string | undefined;
    readonly labels?: Readonly<Record<string, string>>;
  },
  context: TriggerContext,
): TargetResolution {
  const configured = context.cluster;
  const known =
    input.service ?? context.alarms.find((rule) => isAbout(rule, input.name, input.labels))?.service;
  const named = known === undefined ? TARGET_TRACKING.exec(input.name)?.groups : undefined;
  const service = known ?? named?.["service"];
  const said = input.cluster ?? named?.["cluster"];
  const impossible = [said, service].find((name) => name !== undefined && !ECS_NAME.test(name));
  if (impossible !== undefined) {
    return {
      targetProblem: `"${shown(impossible)}" is no name that ECS takes: letters, digits, hyphens and underscores, 255 at most. Correct the alarm's dimension, or the sender's label.`,
    };
  }
  if (said !== undefined && configured !== undefined && said !== configured) {
    return {
      targetProblem: `The alarm is about cluster "${said}", but this agent is configured for "${configured}".`,
    };
  }
  const cluster = said ?? configured;
  if (service === undefined) {
    return {
      targetProblem: `The alarm "${input.name}" names no ECS service. Add a pattern for it under "alarms:" in the policy file.`,
    };
  }
  if (cluster === undefined) {
    return { targetProblem: `The alarm "${input.name}" names no cluster, and ECS_CLUSTER is not set.` };
  }
  return { target: { cluster, service } };
}

/** Adds a sentence to the problem, where there is one. */
export function saying(resolution: TargetResolution, sentence: string): TargetResolution {
  return "targetProblem" in resolution
    ? { targetProblem: `${resolution.targetProblem}${sentence}` }
    : resolution;
}

/** Characters of a stranger's name that people are shown. */
const SHOWN = 80;

function shown(name: string): string {
  const plain = name.replace(/[\p{C}\p{Z}]+/gu, " ");
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN)}...` : plain;
}

function isAbout(rule: AlarmRule, name: string, labels: Readonly<Record<string, string>> = {}): boolean {
  return (
    matches(rule.pattern, name) &&
    Object.entries(rule.labels ?? {}).every(
      ([label, pattern]) => Object.hasOwn(labels, label) && matches(pattern, labels[label] ?? ""),
    )
  );
}

/** Matches a pattern in which `*` stands for any run of characters, in linear time. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*");
  const [head = "", ...rest] = parts;
  if (rest.length === 0) return head === name;
  if (!name.startsWith(head)) return false;
  const tail = rest.pop() ?? "";
  let at = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - tail.length >= at && name.endsWith(tail);
}

/** Returns a short stable key of its parts, usable as an execution name. */
export function keyOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** Later times have years of six digits in ISO form, which nothing else here understands. */
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");
const EARLIEST = Date.parse("0001-01-01T00:00:00.000Z");

/** Converts a vendor's timestamp (`+0000` offsets too) to ISO 8601 in UTC; undefined for an invalid one. */
export function isoTime(text: string): string | undefined {
  const time = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return time >= EARLIEST && time <= LATEST ? new Date(time).toISOString() : undefined;
}
