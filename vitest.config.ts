import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "sandbox/**/*.test.ts",
      "drill/**/*.test.ts",
      "evals/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    // Concurrent tests mostly wait for local servers and short timers.
    maxConcurrency: 12,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
