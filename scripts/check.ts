/** The static checks: types, format, lint with the layers, dead code. Runs all of them and reports which failed. */
import { spawnSync } from "node:child_process";

const CHECKS: readonly (readonly [string, readonly string[]])[] = [
  ["types", ["node_modules/typescript/bin/tsc", "-p", "."]],
  ["format and lint", ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]],
  ["dead code", ["node_modules/knip/bin/knip.js", "--no-progress"]],
];

const failed = CHECKS.filter(([name, argv]) => {
  console.log(`# ${name}`);
  return spawnSync(process.execPath, [...argv], { stdio: "inherit" }).status !== 0;
}).map(([name]) => name);

console.log(failed.length === 0 ? "All static checks passed." : `Failed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
