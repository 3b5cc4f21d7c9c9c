import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Stands in for npm: notes its arguments, takes a moment, and leaves behind what the real one would. */
const FAKE_NPM = `#!/bin/sh
if [ "$1" = config ]; then echo /dev/null; exit 0; fi
echo "$*" >> "$FAKE_NPM_LOG"
sleep "$FAKE_NPM_SECONDS"
if [ -n "$FAKE_NPM_FAILS" ]; then echo "npm says why" >&2; exit 1; fi
case "$*" in *" .toolchain "*) ;; *) mkdir -p node_modules; exit 0 ;; esac
cp .toolchain/package-lock.json "$FAKE_NPM_LOG.lock"
package=$(sed -n 's/.*"\\(node-[a-z0-9-]*\\)":"\\([0-9.]*\\)".*/\\1/p' .toolchain/package.json)
mkdir -p ".toolchain/node_modules/$package/bin"
sed -n 's/.*"node-[a-z0-9-]*":"\\([0-9.]*\\)".*/{"version":"\\1"}/p' .toolchain/package.json > ".toolchain/node_modules/$package/package.json"
ln -s "$FAKE_NPM_NODE" ".toolchain/node_modules/$package/bin/node"
`;

/** Makes a process believe that it is an older Node. */
const OLD_NODE = `Object.defineProperty(process.versions, "node", { value: "20.1.0" });
if (process.env.FAKE_ARCH) Object.defineProperty(process, "arch", { value: process.env.FAKE_ARCH });`;

export interface CheckoutRun {
  readonly process: ChildProcess;
  readonly result: Promise<{ exit: number | NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/** A checkout with the real start scripts, a program that tells how it was started, and a stand-in for npm. */
export interface Checkout {
  readonly folder: string;
  /** Runs `opsagent` (or a link to it) as a group of its own, as a terminal would. */
  start(argv: readonly string[], options?: StartOptions): CheckoutRun;
  /** The command lines that npm was given so far. */
  npmRuns(): readonly string[];
  /** The lock file under which Node was fetched. */
  nodeLock(): { readonly packages: Readonly<Record<string, { integrity?: string; version?: string }>> };
}

export interface StartOptions {
  readonly command?: string;
  readonly cwd?: string;
  readonly oldNode?: boolean;
  /** As `process.arch` has it, of a machine with another processor. */
  readonly arch?: string;
  readonly npmFails?: boolean;
  readonly npmSeconds?: number;
}

export function makeCheckout(folder: string): Checkout {
  const outside = join(folder, "../outside");
  const log = join(outside, "npm.log");
  for (const path of ["scripts", "src/interfaces/cli"]) mkdirSync(join(folder, path), { recursive: true });
  mkdirSync(outside, { recursive: true });
  for (const path of ["opsagent", "scripts/run.cjs"]) copyFileSync(join(root, path), join(folder, path));
  writeFileSync(join(folder, "package-lock.json"), "{}");
  writeFileSync(
    join(folder, "src/interfaces/cli/main.ts"),
    "console.log(JSON.stringify({ argv: process.argv.slice(2), cwd: process.cwd() }));",
  );
  writeFileSync(join(outside, "npm"), FAKE_NPM);
  chmodSync(join(outside, "npm"), 0o755);
  writeFileSync(join(outside, "old-node.cjs"), OLD_NODE);
  return {
    folder,
    // The shell makes the file a moment before it writes its line into it.
    npmRuns: () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : []),
    nodeLock: () => JSON.parse(readFileSync(`${log}.lock`, "utf8")),
    start(argv, { command, cwd, oldNode, arch, npmFails, npmSeconds }: StartOptions = {}) {
      const child = spawn(command ?? join(folder, "opsagent"), argv, {
        cwd: cwd ?? folder,
        detached: true,
        env: {
          PATH: [outside, join(process.execPath, ".."), process.env["PATH"]].join(":"),
          FAKE_NPM_LOG: log,
          FAKE_NPM_NODE: process.execPath,
          FAKE_NPM_SECONDS: String(npmSeconds ?? 0.2),
          ...(npmFails ? { FAKE_NPM_FAILS: "yes" } : {}),
          ...(arch === undefined ? {} : { FAKE_ARCH: arch }),
          ...(oldNode ? { NODE_OPTIONS: `--require="${join(outside, "old-node.cjs")}"` } : {}),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      const result = once(child, "close").then(([code, signal]) => ({
        exit: code ?? signal,
        stdout,
        stderr,
      }));
      return { process: child, result };
    },
  };
}
