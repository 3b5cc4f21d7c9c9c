/**
 * The durable shape of a workflow: those of its modules that can change which durable operations it makes, under which
 * names and in which order. docs/decisions/2026-11-30-replay-version.md says why these and no others.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { OpsAgentError } from "../../domain/errors.ts";
import { codeOf, importsOf } from "./read-module.ts";

/** Whoever has its types can make a durable operation. */
const SDK = "@aws/durable-execution-sdk-js";
/** Names of steps that are not written where the steps are made. */
const STEP_NAMES = "step-names.ts";

export interface DurableShape {
  /** Changes with the shape and with the SDK's version, and with nothing else: 12 hexadecimal digits. */
  readonly version: string;
  /** Paths from the root, sorted. */
  readonly modules: readonly string[];
  /** The modules that run as part of the workflow, those of the shape among them. */
  readonly reachable: number;
}

/**
 * Reads the workflow's sources from `entry` on, which is below `root`, the folder of the package. Takes some 40 ms.
 * Throws `internal` where sources are missing, or none of them uses the SDK.
 */
export function readDurableShape(root: string, entry: string): DurableShape {
  const sources = new Map<string, Linked>();
  const linked = (path: string): Linked => {
    const known = sources.get(path);
    if (known !== undefined) return known;
    const fresh = link(root, path);
    sources.set(path, fresh);
    return fresh;
  };

  const running = new Set([resolve(entry)]);
  for (const path of running) for (const next of linked(path).runs) running.add(next);
  const durable = whoReaches(linked, running);
  const shape = [...running].filter((path) => durable.has(path) || basename(path) === STEP_NAMES);
  if (!shape.some((path) => durable.has(path))) {
    throw unreadable(`${entry} leads to no module that uses ${SDK}`);
  }
  // Sorted by what they say, not by where they are: a move of files leaves every step as it is.
  const codes = shape.map((path) => codeOf(linked(path).source)).sort();
  const hash = createHash("sha256").update(`${SDK} ${sdkVersion(root)}`);
  for (const code of codes) hash.update("\0").update(code);
  return {
    version: hash.digest("hex").slice(0, 12),
    modules: shape.map((path) => relative(root, path).replaceAll(sep, "/")).sort(),
    reachable: running.size,
  };
}

/** A module with its imports resolved to files of this repository. */
interface Linked {
  readonly source: string;
  readonly usesSdk: boolean;
  /** What runs with it. */
  readonly runs: readonly string[];
  /** What it knows: that, and what it has types of. */
  readonly knows: readonly string[];
}

function link(root: string, path: string): Linked {
  const source = readSource(path);
  const imports = importsOf(source);
  const runs: string[] = [];
  const knows: string[] = [];
  for (const { specifier, typeOnly } of imports) {
    const target = ownFile(root, path, specifier);
    if (target === undefined) continue;
    knows.push(target);
    if (!typeOnly) runs.push(target);
  }
  const usesSdk = imports.some(({ specifier }) => specifier === SDK || specifier.startsWith(`${SDK}/`));
  return { source, usesSdk, runs, knows };
}

/** Who uses the SDK, and who knows one who does, by however many steps. */
function whoReaches(linked: (path: string) => Linked, start: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(start);
  const knownBy = new Map<string, string[]>();
  for (const path of all) {
    for (const next of linked(path).knows) {
      all.add(next);
      knownBy.set(next, [...(knownBy.get(next) ?? []), path]);
    }
  }
  const reaching = new Set([...all].filter((path) => linked(path).usesSdk));
  for (const path of reaching) for (const one of knownBy.get(path) ?? []) reaching.add(one);
  return reaching;
}

/** The file of a relative path, or of a package that is a folder of this repository; else undefined. */
function ownFile(root: string, from: string, specifier: string): string | undefined {
  if (/^\.{1,2}\//.test(specifier))
    return /\.[cm]?[jt]s$/.test(specifier) ? resolve(dirname(from), specifier) : undefined;
  if (/^(?:node:|#|\/)/.test(specifier)) return undefined;
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const folder = join(root, "node_modules", name);
  if (!existsSync(folder)) return undefined;
  const real = realpathSync(folder);
  if (real.includes(`${sep}node_modules${sep}`) || !real.startsWith(`${realpathSync(root)}${sep}`))
    return undefined;
  return createRequire(join(root, "package.json")).resolve(specifier);
}

function readSource(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw unreadable(`${path} cannot be read`, cause);
  }
}

/** The order in which operations get their ids is the SDK's doing. */
function sdkVersion(root: string): string {
  const path = join(root, "package.json");
  const { dependencies }: { dependencies?: Record<string, string> } = JSON.parse(readSource(path));
  return dependencies?.[SDK] ?? "none";
}

function unreadable(why: string, cause?: unknown): OpsAgentError {
  return new OpsAgentError({
    code: "internal",
    message: `The version of the workflow cannot be told: ${why}.`,
    remedy: "Run OpsAgent from a whole checkout, or build it with `npm run build`.",
    ...(cause === undefined ? {} : { cause }),
  });
}
