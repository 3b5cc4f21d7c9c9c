import fc from "fast-check";
import { expect, test } from "vitest";
import { createThrottles } from "./throttles.ts";

const rates = fc.record({
  burst: fc.integer({ min: 0, max: 20 }),
  perSecond: fc.integer({ min: 0, max: 50 }),
  gaps: fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 80 }),
});

test("never admits more than the burst and the refill, and refuses only when no token is there", () => {
  fc.assert(
    fc.property(rates, ({ burst, perSecond, gaps }) => {
      let now = 0;
      const throttles = createThrottles(() => now);
      throttles.set([{ service: "ecs", operations: ["Describe*"], burst, perSecond }]);
      let admitted = 0;

      for (const gap of gaps) {
        now += gap;
        const isAdmitted = throttles.admit("ecs", "DescribeTasks");
        if (isAdmitted) admitted += 1;
        // A full refill since the start, and yet a refusal, would be wrong with nothing admitted.
        if (!isAdmitted && admitted === 0) expect(burst).toBe(0);
        expect(throttles.admit("ecs", "StopTask")).toBe(true);
        expect(throttles.admit("logs", "DescribeLogGroups")).toBe(true);
      }

      expect(admitted).toBeLessThanOrEqual(burst + (now / 1000) * perSecond + 1e-6);
    }),
  );
});

test("saves up no more than the burst, however long nothing is called", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 3_600_000 }), (burst, idle) => {
      let now = 0;
      const throttles = createThrottles(() => now);
      throttles.set([{ service: "ecs", operations: ["*"], burst, perSecond: 5 }]);
      now += idle;

      const admitted = Array.from({ length: 40 }, () => throttles.admit("ecs", "ListTasks")).filter(Boolean);

      expect(admitted).toHaveLength(burst);
    }),
  );
});
