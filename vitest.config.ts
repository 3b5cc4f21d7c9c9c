import { defineConfig } from "vitest/config";

/** `npm test` runs the first project, `npm run test:sandbox` the second: real processes that take their time. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "opsagent",
          include: ["src/**/*.test.ts", "drill/**/*.test.ts", "evals/**/*.test.ts", "test/**/*.test.ts"],
        },
      },
      { extends: true, test: { name: "sandbox", include: ["sandbox/**/*.test.ts"] } },
    ],
    // Concurrent tests mostly wait for local servers and short timers.
    maxConcurrency: 12,
    maxWorkers: 4,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
