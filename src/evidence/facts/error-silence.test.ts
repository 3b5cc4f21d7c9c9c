import { expect, it } from "vitest";
import { arePartOf, byPeriodOf, withSilence } from "./error-silence.ts";

const point = (t: number, v: number) => ({ t, v });

it("counts zero errors where requests were served, but not in the newest period nor where there were none", () => {
  const errors = [point(60, 9)];
  const requests = [point(0, 100), point(60, 100), point(120, 80), point(180, 0), point(240, 90)];

  expect(withSilence(errors, requests, 240)).toEqual([point(0, 0), point(60, 9), point(120, 0)]);
});

it("counts a period once that two target groups served", () => {
  const requests = [point(60, 100), point(60, 5), point(120, 100)];

  expect(withSilence([point(0, 3)], requests, 120)).toEqual([point(0, 3), point(60, 0)]);
});

it("counts zero in a longer period in which any request was served", () => {
  const minute = 60_000;
  const requests = [point(5 * minute, 0), point(7 * minute, 80), point(10 * minute, 0)];
  const errors = { namespace: "n", name: "e", statistic: "Sum", periodSeconds: 300, dimensions: {} };

  expect(withSilence([point(0, 3)], byPeriodOf(errors, requests), 15 * minute)).toEqual([
    point(0, 3),
    point(5 * minute, 0),
  ]);
});

it("is told by the requests of the same targets and periods only", () => {
  const metric = (name: string, periodSeconds: number, dimensions: Record<string, string>) => ({
    namespace: "AWS/ApplicationELB",
    name,
    statistic: "Sum",
    periodSeconds,
    dimensions,
  });
  const requests = metric("RequestCount", 60, {
    LoadBalancer: "app/front/1",
    TargetGroup: "targetgroup/shop/1",
  });
  const errors = (periodSeconds: number, dimensions: Record<string, string>) =>
    arePartOf(metric("HTTPCode_Target_5XX_Count", periodSeconds, dimensions), requests);

  expect(errors(60, requests.dimensions)).toBe(true);
  expect(errors(60, { LoadBalancer: "app/front/1" })).toBe(true);
  expect(errors(60, { LoadBalancer: "app/front/1", TargetGroup: "targetgroup/other/2" })).toBe(false);
  expect(errors(300, requests.dimensions)).toBe(true);
  expect(errors(90, requests.dimensions)).toBe(false);
});
