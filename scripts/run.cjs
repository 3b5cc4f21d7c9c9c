// Runs a command of this checkout with everything it needs: Node 24 and the locked dependencies.
// Plain CommonJS without dependencies, because whatever Node the machine has must be able to run it.
"use strict";

const childProcess = require("child_process");
const crypto = require("crypto");
const fs = require("fs");
const os = require("os");
const path = require("path");

const NODE_VERSION = "24.21.0";
const root = path.resolve(__dirname, "..");
const toolchain = path.join(root, ".toolchain");
const modules = path.join(root, "node_modules");
const stamp = path.join(modules, ".opsagent-install");
const isWindows = process.platform === "win32";

const COMMANDS = {
  drill: { needs: "runtime", argv: ["src/entrypoints/cli.ts", "drill"] },
  cli: { needs: "runtime", argv: ["src/entrypoints/cli.ts"] },
  sandbox: { needs: "runtime", argv: ["sandbox/main.ts"] },
  test: { needs: "all", argv: ["node_modules/vitest/vitest.mjs", "run"] },
  check: { needs: "all", argv: ["scripts/check.ts"] },
  build: { needs: "all", argv: ["scripts/build.ts"] },
  bench: { needs: "all", argv: ["bench/bench.ts"] },
  node: { needs: "all", argv: [] },
  setup: { needs: "all", argv: ["--version"] },
};

function fail(message) {
  process.stderr.write("opsagent set-up: " + message + "\n");
  process.exit(1);
}

function say(message) {
  process.stderr.write(message + "\n");
}

/** Runs npm quietly; what it printed is shown only when it fails. */
function npm(args, nodeHome, explain) {
  const env = Object.assign({}, process.env);
  if (nodeHome) {
    env.PATH = path.join(nodeHome, "bin") + path.delimiter + (env.PATH || "");
    env.npm_config_nodedir = nodeHome;
  }
  const result = childProcess.spawnSync(
    "npm",
    args.concat(["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]),
    { cwd: root, env: env, encoding: "utf8", shell: isWindows, maxBuffer: 64 * 1024 * 1024 },
  );
  if (result.error)
    fail("npm could not be started (" + result.error.message + "). Install npm, then try again.");
  if (result.status !== 0) {
    process.stderr.write((result.stdout || "") + (result.stderr || ""));
    fail(explain);
  }
}

/** The folder of a Node 24, fetched through npm where the running one is older. Undefined: the running one. */
function ensureNode() {
  if (parseInt(process.versions.node, 10) >= 24) return undefined;
  const platform = isWindows ? "win" : process.platform;
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const name = prefix + "-" + platform + "-" + process.arch;
  const home = path.join(toolchain, "node_modules", name);
  const binary = path.join(home, "bin", isWindows ? "node.exe" : "node");
  const works = () => fs.existsSync(binary) && childProcess.spawnSync(binary, ["--version"]).status === 0;
  if (!works()) {
    say("Fetching Node " + NODE_VERSION + " (this machine has " + process.versions.node + ") ...");
    fs.mkdirSync(toolchain, { recursive: true });
    npm(
      ["install", "--no-save", "--no-package-lock", "--prefix", toolchain, name + "@" + NODE_VERSION],
      undefined,
      "Node 24 could not be fetched. Install Node 24 or newer from https://nodejs.org, then try again.",
    );
    if (!works()) fail("the fetched Node 24 does not run here. Install Node 24 or newer, then try again.");
  }
  return home;
}

/** Installs the locked dependencies unless the stamp says that this lock file is in place already. */
function ensureModules(needs, nodeHome) {
  const lock = crypto
    .createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  const wanted = (kind) => [kind, lock, os.platform(), os.arch(), NODE_VERSION].join(" ");
  const present = fs.existsSync(stamp) ? fs.readFileSync(stamp, "utf8") : "";
  if (present === wanted("all") || (needs === "runtime" && present === wanted("runtime"))) return;
  say(
    needs === "runtime" ? "Installing dependencies ..." : "Installing dependencies, development ones too ...",
  );
  npm(
    needs === "runtime" ? ["ci", "--omit=dev", "--omit=optional"] : ["ci"],
    nodeHome,
    "the dependencies could not be installed. Check the connection to the npm registry, then try again.",
  );
  fs.writeFileSync(stamp, wanted(needs));
}

/** One set-up at a time: a second one started meanwhile waits for the first. */
function withLock(work) {
  const lock = path.join(root, ".opsagent-setup.lock");
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (ownerIsGone(lock)) fs.rmSync ? fs.rmSync(lock, { force: true }) : fs.unlinkSync(lock);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  const release = () => {
    try {
      fs.unlinkSync(lock);
    } catch (_) {
      // already gone
    }
  };
  process.once("exit", release);
  const result = work();
  release();
  return result;
}

function ownerIsGone(lock) {
  try {
    const owner = parseInt(fs.readFileSync(lock, "utf8"), 10);
    if (!owner) return Date.now() - fs.statSync(lock).mtimeMs > 5000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH" || error.code === "ENOENT";
  }
}

function main() {
  const name = process.argv[2];
  const command = COMMANDS[name];
  if (!command) fail("unknown command '" + name + "'. Known: " + Object.keys(COMMANDS).join(", ") + ".");
  const node = withLock(() => {
    const home = ensureNode();
    ensureModules(command.needs, home);
    return home ? path.join(home, "bin", isWindows ? "node.exe" : "node") : process.execPath;
  });
  const env = Object.assign({}, process.env, {
    PATH: path.dirname(node) + path.delimiter + (process.env.PATH || ""),
    OPSAGENT_INVOKED_FROM: process.env.OPSAGENT_INVOKED_FROM || process.cwd(),
  });
  const argv = command.argv.map((part, index) =>
    index === 0 && part.indexOf("-") !== 0 ? path.join(root, part) : part,
  );
  const inRoot = ["test", "check", "build", "bench"].indexOf(name) >= 0;
  const child = childProcess.spawn(node, argv.concat(process.argv.slice(3)), {
    cwd: inRoot ? root : process.cwd(),
    env: env,
    stdio: "inherit",
  });
  // The terminal sends Ctrl-C to the whole group; the child decides how to end, and we report how it did.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => fail("could not start Node: " + error.message));
  child.on("exit", (code, signal) => {
    process.exit(signal ? 128 + (os.constants.signals[signal] || 0) : code);
  });
}

main();
