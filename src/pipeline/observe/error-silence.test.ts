import { expect, it } from "vitest";
import { withSilence } from "./error-silence.ts";

const point = (t: number, v: number) => ({ t, v });

it("counts zero errors where requests were served, but not in the newest period nor where there were none", () => {
  const errors = [point(60, 9)];
  const requests = [point(0, 100), point(60, 100), point(120, 80), point(180, 0), point(240, 90)];

  expect(withSilence(errors, requests, 240)).toEqual([point(0, 0), point(60, 9), point(120, 0)]);
});
