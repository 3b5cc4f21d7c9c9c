/**
 * Makes the files that an image would hold, by the Dockerfile's own lines, in a folder for each stage. It knows what
 * this project's Dockerfile uses and throws at anything else. Two things differ from a real build: base images are
 * empty, and `npm ci` links the packages that the lock file would install, from the checkout's own.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export interface Stage {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
}

export interface BuildOptions {
  /** The build context. */
  readonly context: string;
  /** Where the stages' folders are made. */
  readonly into: string;
  readonly args: Readonly<Record<string, string>>;
  /** Whether .dockerignore lets a path of the context through. */
  readonly isSent: (path: string) => boolean;
}

type Draft = { -readonly [Key in keyof Stage]: Stage[Key] };

interface Build extends BuildOptions {
  readonly stages: Map<string, Draft>;
  readonly variables: Map<string, string>;
}

/** Builds every stage and answers them by name. */
export function buildStages(options: BuildOptions): ReadonlyMap<string, Stage> {
  const build: Build = { ...options, stages: new Map(), variables: new Map() };
  let stage: Draft | undefined;
  for (const line of linesOf(join(options.context, "Dockerfile"))) {
    const [, word = "", rest = ""] = /^(\w+)\s+(.*)$/s.exec(line) ?? [];
    if (word === "FROM") {
      const name = /\sAS\s+(\S+)$/.exec(rest)?.[1] ?? "";
      const root = join(options.into, name);
      mkdirSync(root, { recursive: true });
      stage = { root, workdir: "/", env: {}, user: undefined, command: [], entrypoint: [], healthcheck: [] };
      build.stages.set(name, stage);
    } else if (stage === undefined) {
      throw new Error(`${line}: before the first FROM`);
    } else {
      follow(stage, word, rest, build);
    }
  }
  return build.stages;
}

function linesOf(file: string): readonly string[] {
  return readFileSync(file, "utf8")
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function follow(stage: Draft, word: string, rest: string, build: Build): void {
  switch (word) {
    case "ARG": {
      const [name = "", value = ""] = rest.split("=");
      build.variables.set(name, build.args[name] ?? value);
      return;
    }
    case "ENV": {
      const [name = "", value = ""] = rest.split("=");
      stage.env = { ...stage.env, [name]: value };
      return;
    }
    case "WORKDIR":
      stage.workdir = rest;
      mkdirSync(join(stage.root, rest), { recursive: true });
      return;
    case "USER":
      stage.user = rest;
      return;
    case "EXPOSE":
      return;
    case "CMD":
      stage.command = JSON.parse(rest);
      return;
    case "ENTRYPOINT":
      stage.entrypoint = JSON.parse(rest);
      return;
    case "HEALTHCHECK":
      stage.healthcheck = JSON.parse(rest.slice(rest.indexOf("CMD") + 3));
      return;
    case "COPY":
      copy(stage, rest, build);
      return;
    case "RUN":
      run(stage, rest, build.context);
      return;
    default:
      throw new Error(`${word} is not understood here.`);
  }
}

function copy(stage: Draft, rest: string, build: Build): void {
  const words = rest.replace(/\$\{(\w+)\}/g, (_, name) => build.variables.get(name) ?? "").split(/\s+/);
  const from = words[0]?.startsWith("--from=") ? words.shift()?.slice("--from=".length) : undefined;
  const target = words.pop() ?? "";
  const source = from === undefined ? undefined : build.stages.get(from);
  if (from !== undefined && source === undefined) throw new Error(`There is no stage ${from}.`);
  for (const word of words) {
    const path = join(source?.root ?? build.context, word);
    if (!existsSync(path)) throw new Error(`COPY ${word}: there is no such file.`);
    if (source === undefined && !build.isSent(word.replace(/\/$/, ""))) {
      throw new Error(`COPY ${word}: .dockerignore keeps it out of the build.`);
    }
    const into = join(stage.root, stage.workdir, target);
    // Docker copies what is in a folder, and a file under its own name where the target is a folder.
    const to = statSync(path).isFile() && target.endsWith("/") ? join(into, basename(path)) : into;
    mkdirSync(dirname(to), { recursive: true });
    const filter = (file: string) =>
      source !== undefined || build.isSent(file.slice(build.context.length + 1));
    cpSync(path, to, { recursive: true, filter, verbatimSymlinks: true });
  }
}

function run(stage: Draft, command: string, context: string): void {
  const cwd = join(stage.root, stage.workdir);
  if (command.startsWith("npm ci ")) {
    linkModules(cwd, context, command.includes("--omit=dev"));
    return;
  }
  // The owner is another user of the image, who is not on this machine.
  const [here = ""] = command.split(" && chown ");
  const { status, stderr } = spawnSync("/bin/sh", ["-c", here], {
    cwd,
    encoding: "utf8",
    env: { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}` },
  });
  if (status !== 0) throw new Error(`RUN ${here} failed: ${stderr}`);
}

interface Locked {
  readonly packages: Readonly<Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>>;
}

/** What npm would install at the top of node_modules; packages inside of others come along with them. */
function linkModules(cwd: string, context: string, omitDev: boolean): void {
  const { packages } = JSON.parse(readFileSync(join(cwd, "package-lock.json"), "utf8")) as Locked;
  for (const [path, { dev, optional, devOptional }] of Object.entries(packages)) {
    const isNested = path.indexOf("node_modules/") !== path.lastIndexOf("node_modules/");
    const from = join(context, path);
    if (path === "" || isNested || (omitDev && (dev || optional || devOptional)) || !existsSync(from))
      continue;
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    symlinkSync(from, join(cwd, path));
  }
}
