import { join } from "node:path";
import { env } from "node:process";
import { defineConfig } from "vitest/config";
import { SlowFirst } from "./test/support/slow-first.ts";

// The workers, and the processes that tests start, load the same modules hundreds of times.
env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled");

/**
 * `npm test` runs the first project. `npm run test:long` has what waits for many timers or starts hundreds of
 * incidents and then what is mended live, `npm run test:browser` the dashboard in a real Chromium, `npm run test:sandbox` the sandbox's real processes,
 * `npm run test:infra` what is deployed on AWS.
 */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "opsagent",
          include: ["{src,packages,drill,evals,test}/**/*.test.ts"],
          exclude: [
            "packages/ecs-sandbox/**",
            "**/*.{long,live}.test.ts",
            "**/*.browser.test.ts",
            "test/docs/**",
            "test/infra/**",
          ],
        },
      },
      {
        extends: true,
        test: { name: "long", include: ["{src,packages,drill,evals,test}/**/*.long.test.ts"] },
      },
      // Faults that are mended live, in the seconds that metrics and alarms take: after the others, and one at a time.
      {
        extends: true,
        test: {
          name: "live",
          include: ["{evals,test}/**/*.live.test.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: "browser", include: ["test/browser/*.browser.test.ts"], testTimeout: 180_000 },
      },
      { extends: true, test: { name: "docs", include: ["test/docs/**/*.test.ts"] } },
      { extends: true, test: { name: "sandbox", include: ["packages/ecs-sandbox/**/*.test.ts"] } },
      // The library that synthesises is large and loads itself piece by piece: slow where a machine is busy.
      {
        extends: true,
        test: { name: "infra", include: ["{infra,test/infra}/**/*.test.ts"], testTimeout: 300_000 },
      },
    ],
    sequence: { sequencer: SlowFirst },
    // Concurrent tests mostly wait for local servers and short timers.
    maxConcurrency: 12,
    maxWorkers: 4,
    // A guard against a hang, not a measure: machines are slow at times.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
