/** What changed: the current task definition held against the one before it. */
import type { ContainerDefinitionReading, TaskDefinitionReading } from "../../domain/reading.ts";
import type { EcsReader, ReadOptions } from "../ports.ts";
import { shortDefinition } from "./service-facts.ts";
import type { FactDraft } from "./source.ts";

export interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Reads the revision before the current one (the number below it) and says what differs. */
export async function changeFacts(
  ecs: EcsReader,
  current: TaskDefinitionReading,
  options: ReadOptions,
): Promise<FactDraft[]> {
  if (current.revision <= 1) return [];
  const previousArn = current.arn.replace(/:\d+$/, `:${current.revision - 1}`);
  const previous = await ecs.taskDefinition(previousArn, options);
  if (previous === undefined) return [];
  const changes = diffDefinitions(previous, current);
  const [from, to] = [shortDefinition(previous.arn), shortDefinition(current.arn)];
  const list = changes.map((change) => `${change.what}: ${change.before} -> ${change.after}`).join("; ");
  return [
    {
      kind: "task-definition-diff",
      provenance: "control-plane",
      ...(current.registeredAt === undefined ? {} : { at: current.registeredAt }),
      statement: `${to} against ${from}: ${list === "" ? "no difference in what was compared" : list}.`,
      data: { from, to, changes },
    },
  ];
}

/** The differences that matter, by container name. Environment values are never read. */
export function diffDefinitions(before: TaskDefinitionReading, after: TaskDefinitionReading): Change[] {
  const changes: Change[] = [];
  const compare = (what: string, old: unknown, current: unknown) => {
    const [a, b] = [show(old), show(current)];
    if (a !== b) changes.push({ what, before: a, after: b });
  };
  compare("task cpu", before.cpu, after.cpu);
  compare("task memory", before.memory, after.memory);
  const names = new Set([...before.containers, ...after.containers].map((container) => container.name));
  for (const name of names) {
    const old = before.containers.find((container) => container.name === name);
    const current = after.containers.find((container) => container.name === name);
    if (old === undefined || current === undefined) {
      compare(`container ${name}`, old?.image ?? "absent", current?.image ?? "absent");
      continue;
    }
    for (const [what, read] of COMPARED) compare(`${name} ${what}`, read(old), read(current));
  }
  return changes;
}

const COMPARED: readonly (readonly [string, (container: ContainerDefinitionReading) => unknown])[] = [
  ["image", (c) => c.image],
  ["cpu", (c) => c.cpu],
  ["memory", (c) => c.memoryMiB],
  ["memory reservation", (c) => c.memoryReservationMiB],
  ["environment names", (c) => c.environmentNames.toSorted()],
  ["secret names", (c) => c.secretNames.toSorted()],
  ["ports", (c) => c.ports.toSorted((a, b) => a - b)],
  ["health check", (c) => c.healthCheck],
  ["command", (c) => c.command],
];

function show(value: unknown): string {
  if (value === undefined) return "none";
  return Array.isArray(value) ? (value.length === 0 ? "none" : value.join(", ")) : String(value);
}
