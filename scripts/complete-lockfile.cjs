// Completes package-lock.json after `npm install`: a registry that does not serve the packages of every platform
// makes npm leave those out of the lock file, and `npm ci` then refuses it everywhere. Adds what is missing.
"use strict";

const fs = require("fs");
const path = require("path");

const file = path.join(__dirname, "..", "package-lock.json");
const lock = JSON.parse(fs.readFileSync(file, "utf8"));

const OS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const CPU = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64", "wasm32"];

/** Platform packages carry their platform in their name: `cli-linux-x64-musl`. */
function platformOf(name) {
  const parts = name.split("/").pop().split("-");
  const os = parts.filter((part) => OS.indexOf(part) >= 0);
  const cpu = parts.filter((part) => CPU.indexOf(part) >= 0);
  const libc = parts.some((part) => /^musl/.test(part))
    ? ["musl"]
    : parts.indexOf("gnu") >= 0
      ? ["glibc"]
      : [];
  return Object.assign({}, cpu.length ? { cpu } : {}, libc.length ? { libc } : {}, os.length ? { os } : {});
}

let added = 0;
for (const [location, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(location === "" ? {} : entry.optionalDependencies || {})) {
    const at = `node_modules/${name}`;
    if (lock.packages[at] || lock.packages[`${location}/${at}`]) continue;
    if (!/^\d+\.\d+\.\d+/.test(range)) continue;
    lock.packages[at] = Object.assign(
      { version: range },
      entry.dev ? { dev: true } : {},
      { optional: true },
      platformOf(name),
    );
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added.`);
