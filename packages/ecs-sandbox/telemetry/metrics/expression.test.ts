import { describe, expect, test } from "vitest";
import { runQuery, validateQueries } from "./metric-query.ts";
import { createMetricStore } from "./metric-store.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7);
const WINDOW = { start: ORIGIN, end: ORIGIN + 40_000 };

const store = createMetricStore(() => WINDOW.end);
for (const [name, values] of Object.entries({ errors: [2, 4, undefined, 8], requests: [10, 0, 10, 16] })) {
  values.forEach((value, index) => {
    if (value === undefined) return;
    store.put([{ namespace: "Demo", name, dimensions: {}, value, at: ORIGIN + index * 10_000 }]);
  });
}

function metric(id: string, name: string) {
  const MetricStat = { Metric: { Namespace: "Demo", MetricName: name }, Period: 10, Stat: "Sum" };
  return { Id: id, MetricStat, ReturnData: false };
}

function compute(expression: string): (number | undefined)[] {
  const queries = [metric("e", "errors"), metric("r", "requests"), { Id: "x", Expression: expression }];
  validateQueries(queries);
  const query = queries[2];
  if (query === undefined) return [];
  const { points } = runQuery(query, queries, WINDOW, store);
  return [0, 1, 2, 3].map((index) => points.get(ORIGIN + index * 10_000));
}

test.each([
  ["e + r", [12, 4, undefined, 24]],
  ["100 * e / r", [20, undefined, undefined, 50]],
  ["-e + 1", [-1, -3, undefined, -7]],
  ["2 + 3 * (e - 1)", [5, 11, undefined, 23]],
  ["FILL(e, 0)", [2, 4, 0, 8]],
  ["FILL(e, REPEAT)", [2, 4, 4, 8]],
  ["FILL(e, LINEAR)", [2, 4, 6, 8]],
  ["SUM([e, r])", [12, 4, 10, 24]],
  ["AVG([e, r])", [6, 2, 10, 12]],
  ["MAX(METRICS())", [10, 4, 10, 16]],
  ["r - MIN(r)", [10, 0, 10, 16]],
  ["SUM(e) / PERIOD(e) + 0 * r", [1.4, 1.4, 1.4, 1.4]],
  ["IF(r > 5, e, 0 * e)", [2, 0, undefined, 8]],
  ["IF(r > 5 AND e > 2, 1, 0)", [0, 0, undefined, 1]],
  ["r > 12 OR e == 4", [0, 1, undefined, 1]],
  ["e > 1 && r > 1 || e > 3", [1, 1, undefined, 1]],
  ["DIFF(e)", [undefined, 2, undefined, 4]],
  ["RATE(r)", [undefined, -1, 1, 0.6]],
  ["RUNNING_SUM(e)", [2, 6, undefined, 14]],
])("%s", (expression, expected) => {
  expect(compute(expression)).toEqual(expected);
});

describe("what is refused", () => {
  test.each(["e +", "e $ r", "unknown + 1", "SUM(e)", "NOPE(e)", "(e", "x + 1", "e r"])(
    "%s",
    (expression) => {
      expect(() => compute(expression)).toThrow(/Error in expression 'x'/);
    },
  );
});
