/** Changes: the current task definition compared with the one that ran before it. */
import type { FactOf } from "../../domain/evidence.ts";
import type {
  ContainerDefinitionReading,
  ImageReading,
  ServiceDeploymentReading,
  ServiceReading,
  TaskDefinitionReading,
} from "../../domain/reading.ts";
import { type DiffBase, diffBaseOf, imagesOf, switchedAt } from "../deployment-history.ts";
import type { EcsReader, ReadOptions } from "../ports.ts";
import type { FactDraft } from "../source.ts";
import { secondsBefore, span } from "../times.ts";
import { shortDefinition } from "./definition-name.ts";

export interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** The two task definitions, and when the later one began to run. */
export interface Comparison {
  readonly base: DiffBase;
  readonly before: TaskDefinitionReading;
  readonly after: TaskDefinitionReading;
  readonly afterImages: readonly ImageReading[];
  readonly deployedAt?: string;
}

/** Reads the task definition to compare the current one with; undefined when there is none before it. */
export async function readComparison(
  ecs: EcsReader,
  current: TaskDefinitionReading,
  service: ServiceReading,
  history: readonly ServiceDeploymentReading[],
  options: ReadOptions,
): Promise<Comparison | undefined> {
  const base = diffBaseOf(current.arn, service.deployments, history);
  const before = base && (await ecs.taskDefinition(base.arn, options));
  if (base === undefined || before === undefined) return undefined;
  const deployedAt = switchedAt(current.arn, service.deployments, history);
  const afterImages = imagesOf(current.arn, history);
  return { base, before, after: current, afterImages, ...(deployedAt === undefined ? {} : { deployedAt }) };
}

const BASE_WORDS: Readonly<Record<DiffBase["kind"], string>> = {
  "last-steady": "which last ran steadily",
  "being-replaced": "which it replaces",
  "revision-before": "the revision before it, which may never have run",
};

/** Returns the differences as one fact; `onset` in epoch milliseconds. */
export function diffFact(comparison: Comparison, onset: number): FactDraft {
  const { base, before, after, afterImages, deployedAt } = comparison;
  const changes = [
    ...diffDefinitions(before, after),
    ...diffDigests(before, after, base.images, afterImages),
  ];
  const [from, to] = [shortDefinition(before.arn), shortDefinition(after.arn)];
  const list = changes.map((change) => `${change.what}: ${change.before} -> ${change.after}`).join("; ");
  const at = deployedAt ?? after.registeredAt;
  const seconds = secondsBefore(deployedAt, onset);
  const when =
    seconds === undefined ? "" : `, deployed ${span(seconds)} ${seconds >= 0 ? "before" : "after"} the onset`;
  const data: FactOf<"task-definition-diff">["data"] = {
    from,
    to,
    changes,
    base: base.kind,
    ...(haveSameImages(before, after, base.images, afterImages) ? { sameImages: true } : {}),
    ...(before.status === undefined ? {} : { fromStatus: before.status }),
    ...(deployedAt === undefined ? {} : { deployedAt }),
    ...(seconds === undefined ? {} : { secondsBeforeOnset: seconds }),
  };
  return {
    kind: "task-definition-diff",
    provenance: "control-plane",
    ...(at === undefined ? {} : { at }),
    statement: `${to} against ${from} (${BASE_WORDS[base.kind]})${when}: ${list === "" ? "no difference in what was compared" : list}.`,
    data,
  };
}

/** Returns the relevant differences by container name. Of settings that both have, which have another value. */
export function diffDefinitions(before: TaskDefinitionReading, after: TaskDefinitionReading): Change[] {
  const changes: Change[] = [];
  const compare = (what: string, old: unknown, current: unknown) => {
    const [a, b] = [show(old), show(current)];
    if (a !== b) changes.push({ what, before: a, after: b });
  };
  for (const [what, read] of COMPARED_OF_TASK) compare(what, read(before), read(after));
  const names = new Set([...before.containers, ...after.containers].map((container) => container.name));
  for (const name of names) {
    const old = before.containers.find((container) => container.name === name);
    const current = after.containers.find((container) => container.name === name);
    if (old === undefined || current === undefined) {
      compare(`container ${name}`, old?.image ?? "absent", current?.image ?? "absent");
      continue;
    }
    for (const [what, read] of COMPARED) compare(`${name} ${what}`, read(old), read(current));
    for (const [what, read] of FINGERPRINTS) {
      const other = otherValues(read(old), read(current));
      if (other.length > 0) changes.push({ what: `${name} ${what}`, before: other.join(", "), after: OTHER });
    }
  }
  return changes;
}

/** The same tag can mean another image now. Where the tag itself changed, the digest adds nothing. */
function diffDigests(
  before: TaskDefinitionReading,
  after: TaskDefinitionReading,
  beforeImages: readonly ImageReading[],
  afterImages: readonly ImageReading[],
): Change[] {
  return after.containers.flatMap(({ name, image }) => {
    if (before.containers.find((container) => container.name === name)?.image !== image) return [];
    const [old, current] = [digestOf(name, beforeImages), digestOf(name, afterImages)];
    if (old === undefined || current === undefined || old === current) return [];
    return [{ what: `${name} image digest`, before: shortDigest(old), after: shortDigest(current) }];
  });
}

/** Whether every container runs the same image by its digest, or by a name that cannot mean another one. */
function haveSameImages(
  before: TaskDefinitionReading,
  after: TaskDefinitionReading,
  beforeImages: readonly ImageReading[],
  afterImages: readonly ImageReading[],
): boolean {
  return after.containers.every(({ name, image }) => {
    const old = before.containers.find((container) => container.name === name);
    if (old?.image !== image) return false;
    if (image.includes("@sha256:")) return true;
    const known = digestOf(name, afterImages);
    return known !== undefined && known === digestOf(name, beforeImages);
  });
}

function digestOf(name: string, images: readonly ImageReading[]): string | undefined {
  return images.find(({ container }) => container === name)?.digest;
}

function shortDigest(digest: string): string {
  return digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1");
}

const COMPARED_OF_TASK: readonly (readonly [string, (task: TaskDefinitionReading) => unknown])[] = [
  ["task cpu", (task) => task.cpu],
  ["task memory", (task) => task.memory],
  ["task role", (task) => task.taskRole],
  ["execution role", (task) => task.executionRole],
  ["network mode", (task) => task.networkMode],
  ["volumes", (task) => task.volumes?.toSorted()],
];

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
  ["log driver", (c) => c.logs?.driver],
];

const FINGERPRINTS: readonly (readonly [
  string,
  (container: ContainerDefinitionReading) => Readonly<Record<string, string>> | undefined,
])[] = [
  ["environment values", (c) => c.environmentFingerprints],
  ["secret references", (c) => c.secretFingerprints],
];

const OTHER = "another value";

/** Returns the names that both have, with another fingerprint. */
function otherValues(
  before: Readonly<Record<string, string>> = {},
  after: Readonly<Record<string, string>> = {},
): string[] {
  return Object.keys(after)
    .filter((name) => Object.hasOwn(before, name) && before[name] !== after[name])
    .toSorted();
}

function show(value: unknown): string {
  if (value === undefined) return "none";
  return Array.isArray(value) ? (value.length === 0 ? "none" : value.join(", ")) : String(value);
}
