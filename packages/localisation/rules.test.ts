/** Each rule and threshold of the ranking has a case here that turns on it. */
import { expect, it } from "vitest";
import { LENGTH, madeInput, madeSeries, minute } from "../../test/samples/localisation/made-graph.ts";
import { type LocalisationInput, localise } from "./index.ts";

const WEB_FAILS = { "web errors": [37, 6] } as const;

/** The input with other series of one service. */
function withSeries(
  input: LocalisationInput,
  service: string,
  series: LocalisationInput["series"],
): LocalisationInput {
  return { ...input, series: [...input.series.filter((one) => one.service !== service), ...series] };
}

const noisy = (service: string, valueAt: (index: number, usual: number) => number | null) => ({
  ...madeSeries(service, "errors"),
  values: madeSeries(service, "errors", { level: 3 }).values.map((value, index) =>
    valueAt(index, value ?? 0),
  ),
});

it("suspects a caller that sends far more than is sent to it, not those above it", () => {
  const input = madeInput(
    ["batch web", "web shop"],
    { "web requests": [30, 2], "shop requests": [30, 8], "shop latency": [35, 5] },
    { alarm: "shop" },
  );

  expect(localise(input).verdict).toMatchObject({ kind: "service", services: ["web"] });
});

it("does not suspect a steady caller where another passes the load on", () => {
  const input = madeInput(
    ["batch web", "web shop", "ops admin", "admin shop"],
    { "web requests": [30, 4], "shop requests": [30, 4], "shop latency": [35, 5] },
    { alarm: "shop" },
  );

  expect(localise(input).verdict).toMatchObject({ kind: "service", services: ["batch"] });
});

it("counts a callee that the same flood reaches later as affected", () => {
  const input = madeInput(
    ["batch shop", "shop db"],
    {
      "shop requests": [28, 5],
      "db requests": [28, 5],
      "shop latency": [32, 5],
      "db saturation": [37, 2],
    },
    { alarm: "shop" },
  );

  const { ranked, apart } = localise(input);

  expect(ranked.map(({ service, role }) => `${service} ${role}`)).toEqual([
    "batch flooding-caller",
    "shop affected",
    "db affected",
  ]);
  expect(apart).toEqual([]);
});

it("puts the one that explains more first among those of one period, and decides for none", () => {
  const input = madeInput(["web a", "web b", "admin b"], {
    "a errors": [33, 8],
    "b errors": [33, 8],
    "web errors": [37, 5],
    "admin errors": [37, 5],
  });

  const { ranked, verdict } = localise(input);

  expect(ranked[0]?.service).toBe("b");
  expect(verdict).toMatchObject({ kind: "undecided", services: ["b", "a"] });
});

it("does not let a fault that began after the alarm explain it", () => {
  const input = madeInput(["web cart"], { "web errors": [52, 8], "cart errors": [48, 8] });

  expect(localise(input).verdict.services).toEqual(["web"]);
});

it("leaves the blame with a clear fault where the callee's is doubtful, and ranks that behind it", () => {
  const tail = madeSeries("cart", "latency", { rise: { at: 33, factor: 8 }, quantile: 0.99 });

  const result = localise(withSeries(madeInput(["web cart"], WEB_FAILS), "cart", [tail]));

  expect(result.verdict.services).toEqual(["web"]);
  expect(result.ranked.map(({ service, sure }) => `${service} ${sure}`)).toEqual([
    "web clear",
    "cart doubtful",
  ]);
  expect(result.remarks.join()).toContain("an unknown number of requests");
});

it("takes the onset of a service from its clear signs", () => {
  const input = withSeries(madeInput(["web cart"], WEB_FAILS), "cart", [
    madeSeries("cart", "latency", { rise: { at: 25, factor: 8 }, quantile: 0.99 }),
    madeSeries("cart", "errors", { rise: { at: 42, factor: 9 } }),
  ]);

  const { verdict, apart } = localise(input);

  expect(verdict.services).toEqual(["web"]);
  expect(apart).toMatchObject([{ service: "cart", onset: minute(42) }]);
});

it("does not take a service for measured whose only series has no vote", () => {
  const input = madeInput(["web cart", "cart stock"], { ...WEB_FAILS, "stock errors": [32, 9] });
  const few = [
    madeSeries("cart", "requests", { level: 40 }),
    madeSeries("cart", "latency", { rise: { at: 33, factor: 8 }, quantile: 0.99 }),
  ];

  const result = localise(withSeries(input, "cart", few));

  expect(result.notMeasured).toEqual(["cart"]);
  expect(result.verdict.services).toEqual(["stock"]);
});

it("decides nothing on a departure of two points", () => {
  const input = madeInput(["web cart"], { "cart errors": [LENGTH - 2, 9] }, { untold: ["web"] });

  const result = localise({ ...input, alarm: { service: "web", at: minute(LENGTH) } });

  expect(result.verdict).toMatchObject({ kind: "undecided", services: ["cart"] });
});

it("does not count a certain rise of a tenth of a latency", () => {
  const small = madeInput(["web cart"], { ...WEB_FAILS, "cart latency": [30, 1.15] });
  const large = madeInput(["web cart"], { ...WEB_FAILS, "cart latency": [30, 1.4] });

  expect(localise(small).verdict.services).toEqual(["web"]);
  expect(localise(large).verdict.services).toEqual(["cart"]);
});

it("does not take the teeth of a garbage collector for a fault", () => {
  const teeth = (floor: number): LocalisationInput["series"][number] => ({
    ...madeSeries("cart", "saturation"),
    values: Array.from({ length: LENGTH }, (_, at) => 30 + 4 * (at % 10) + floor * Math.floor(at / 10)),
  });
  const input = madeInput(["web cart"], WEB_FAILS);

  const steady = localise(withSeries(input, "cart", [teeth(0)]));
  const leak = localise(withSeries(input, "cart", [teeth(6)]));

  expect(steady.apart.concat(steady.ranked).map(({ service }) => service)).toEqual(["web"]);
  expect(leak.apart.concat(leak.ranked).map(({ service }) => service)).toContain("cart");
});

it("counts a fault that was over before the data ends", () => {
  const past = (service: string, from: number) =>
    noisy(service, (at, usual) => (at >= from && at < 46 ? usual * 9 : usual));
  const input = madeInput(["web cart"], {});

  const result = localise(
    withSeries(withSeries(input, "web", [past("web", 39)]), "cart", [past("cart", 35)]),
  );

  expect(result.verdict.services).toEqual(["cart"]);
});

it("reads periods without a value as zero only where the series says so", () => {
  const sparse = noisy("cart", (at, usual) => (at >= 32 ? usual : null));
  const input = madeInput(["web cart"], WEB_FAILS);

  const zeros = localise(withSeries(input, "cart", [{ ...sparse, absentIsZero: true }]));
  const gaps = localise(withSeries(input, "cart", [sparse]));

  expect(zeros.verdict.services).toEqual(["cart"]);
  expect(gaps.verdict.services).toEqual(["web"]);
});
