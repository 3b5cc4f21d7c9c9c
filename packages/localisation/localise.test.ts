import { expect, it } from "vitest";
import { madeInput, madeSeries } from "../../test/samples/localisation/made-graph.ts";
import { localise } from "./index.ts";
import type { Localisation } from "./result.ts";

const textOf = (result: Localisation, service: string) =>
  [...result.ranked, ...result.apart].find((one) => one.service === service)?.reasons.join("; ") ?? "";
const roleOf = (result: Localisation, service: string) =>
  [...result.ranked, ...result.apart].find((one) => one.service === service)?.role;

it("names the callee one hop away that began earlier", () => {
  const input = madeInput(["web cart", "web ads"], { "cart errors": [35, 10], "web latency": [38, 3] });

  const result = localise(input);

  expect(result.verdict).toMatchObject({ kind: "service", services: ["cart"] });
  expect(result.ranked.map(({ service }) => service)).toEqual(["cart", "web"]);
  expect(textOf(result, "web")).toContain("it calls cart (made), whose fault began earlier");
});

it("names the callee two hops away", () => {
  const input = madeInput(["web cart", "cart stock"], {
    "stock restarts": [33, 2],
    "cart errors": [36, 8],
    "web errors": [39, 5],
  });

  const result = localise(input);

  expect(result.verdict).toMatchObject({ kind: "service", services: ["stock"] });
  expect(result.ranked.map(({ service }) => service)).toEqual(["stock", "cart", "web"]);
});

it("names a shared dependency once, and all that it explains", () => {
  const input = madeInput(["web db", "admin db", "jobs db"], {
    "db saturation": [32, 2],
    "web latency": [36, 4],
    "admin latency": [36, 4],
    "jobs errors": [37, 9],
  });

  const result = localise(input);

  expect(result.verdict.services).toEqual(["db"]);
  expect(textOf(result, "db")).toContain("it explains the fault of admin, jobs, web");
  expect(["admin", "jobs", "web"].map((name) => roleOf(result, name))).toEqual(Array(3).fill("affected"));
});

it("lets a callee in the same period explain its caller, and says that there is no order", () => {
  const result = localise(madeInput(["web cart"], { "cart errors": [36, 10], "web errors": [36, 6] }));

  expect(result.verdict.services).toEqual(["cart"]);
  expect(textOf(result, "web")).toContain("in the same period (their order is unknown)");
});

it("names the caller whose requests flood a callee before its fault", () => {
  const input = madeInput(
    ["web shop", "batch shop"],
    { "shop requests": [30, 5], "shop saturation": [34, 2], "shop latency": [36, 5], "web errors": [38, 5] },
    { alarm: "shop" },
  );
  const one = { ...input, edges: input.edges.filter(({ from }) => from === "batch") };

  const result = localise(one);

  expect(result.verdict).toMatchObject({ kind: "service", services: ["batch"] });
  expect(result.ranked[0]).toMatchObject({ service: "batch", role: "flooding-caller" });
  expect(roleOf(result, "shop")).toBe("affected");
  expect(localise(input).verdict).toMatchObject({ kind: "undecided", services: ["batch", "web"] });
});

it("follows a flood upwards through a service that passes it on", () => {
  const input = madeInput(
    ["batch web", "web shop"],
    { "web requests": [30, 4], "shop requests": [30, 4], "shop latency": [35, 5] },
    { alarm: "shop" },
  );

  expect(localise(input).ranked[0]).toMatchObject({ service: "batch", role: "flooding-caller" });
});

it("does not blame the caller for requests that rise after the fault, as retries do", () => {
  const input = madeInput(
    ["web shop"],
    { "shop errors": [30, 12], "shop requests": [34, 3] },
    { alarm: "shop" },
  );

  const result = localise(input);

  expect(result.verdict).toMatchObject({ kind: "service", services: ["shop"] });
  expect(textOf(result, "shop")).toContain("as retries do");
});

it("leaves it open where requests and fault rise in one period", () => {
  const input = madeInput(
    ["web shop"],
    { "shop errors": [35, 12], "shop requests": [35, 3] },
    { alarm: "shop" },
  );

  expect(localise(input).verdict).toMatchObject({ kind: "undecided", services: ["shop", "web"] });
});

it("says that load comes from outside where the entrance's own requests rose first", () => {
  const input = madeInput(["web shop"], {
    "web requests": [28, 4],
    "shop requests": [28, 4],
    "shop saturation": [33, 2],
    "web latency": [36, 3],
  });

  const [first] = localise(input).ranked;

  expect(first).toMatchObject({ service: "shop", role: "overloaded" });
  expect(first?.reasons.join()).toContain("they come from outside, by web");
});

it("does not take a rise of requests alone for a fault", () => {
  const result = localise(madeInput(["web cart"], { "cart requests": [30, 3] }));

  expect(result.verdict.kind).toBe("none");
  expect(result.ranked).toEqual([]);
  expect(result.apart).toEqual([]);
});

it("ranks an unrelated fault in the same minutes apart, with its reason", () => {
  const input = madeInput(["web cart", "mail queue"], {
    "cart errors": [35, 10],
    "web errors": [37, 6],
    "mail errors": [34, 10],
    "queue saturation": [31, 2],
  });

  const result = localise(input);

  expect(result.verdict.services).toEqual(["cart"]);
  expect(result.apart.map(({ service }) => service)).toEqual(["queue", "mail"]);
  expect(textOf(result, "queue")).toContain("no trusted edges lead from web to it or back");
  expect(textOf(result, "mail")).toContain("queue explains it, and the alarm is not connected with that");
});

it("does not let a callee whose fault began later explain its caller", () => {
  const result = localise(madeInput(["web cart"], { "web restarts": [25, 3], "cart errors": [33, 8] }));

  expect(result.verdict.services).toEqual(["web"]);
  expect(roleOf(result, "cart")).toBe("apart");
  expect(textOf(result, "cart")).toContain("began later");
});

it("ends in a cycle at the service that began first", () => {
  const edges = ["web a", "a b", "b a"];

  const ordered = localise(
    madeInput(edges, { "b restarts": [30, 2], "a errors": [34, 8], "web errors": [38, 8] }),
  );
  const tied = localise(
    madeInput(edges, { "b errors": [34, 8], "a errors": [34, 8], "web errors": [38, 8] }),
  );

  expect(ordered.verdict).toMatchObject({ kind: "service", services: ["b"] });
  expect(tied.verdict).toMatchObject({ kind: "undecided", services: ["a", "b"] });
  expect(textOf(tied, "a")).toContain("b began within the same period: they have no order");
});

it("goes through a service without series and says so, and not through a healthy one", () => {
  const rises = { "stock errors": [33, 9], "web errors": [37, 5] } as const;

  const unknown = localise(madeInput(["web cart", "cart stock"], rises, { untold: ["cart"] }));
  const healthy = localise(madeInput(["web cart", "cart stock"], rises));

  expect(unknown.verdict.services).toEqual(["stock"]);
  expect(unknown.notMeasured).toEqual(["cart"]);
  expect(textOf(unknown, "web")).toContain("through cart, which is not measured");
  expect(healthy.verdict.services).toEqual(["web"]);
  expect(textOf(healthy, "stock")).toContain("a healthy service is between them");
});

it("says which callees could hide a fault", () => {
  const result = localise(madeInput(["web cart"], { "web errors": [35, 8] }, { untold: ["cart"] }));

  expect(result.verdict.services).toEqual(["web"]);
  expect(textOf(result, "web")).toContain("a fault there is not ruled out");
});

it("explains nothing by an untrusted edge, and names it", () => {
  const rises = { "cart errors": [33, 9], "web errors": [37, 5] } as const;

  const result = localise(madeInput(["web cart"], rises, { trust: "untrusted" }));

  expect(result.verdict.services).toEqual(["web"]);
  expect(textOf(result, "web")).toContain("an untrusted edge (made) leads to cart");
  expect(roleOf(result, "cart")).toBe("apart");
});

it("judges a service without edges by its own series, and says so", () => {
  const result = localise(madeInput(["cart stock"], { "web errors": [35, 8] }));

  expect(result.verdict.services).toEqual(["web"]);
  expect(result.remarks).toContain("no edge names web: only its own series can explain its alarm");
});

it("gives no verdict where nothing is anomalous", () => {
  const result = localise(madeInput(["web cart", "cart stock"], {}));

  expect(result).toMatchObject({ verdict: { kind: "none", services: [] }, ranked: [], apart: [] });
});

it("takes the alarm for the symptom where the alarm's service has no series", () => {
  const result = localise(madeInput(["web cart"], { "cart errors": [38, 9] }, { untold: ["web"] }));

  expect(result.verdict.services).toEqual(["cart"]);
  expect(textOf(result, "web")).toContain("its alarm counts from 2026-11-30T09:45:00.000Z");
});

it("gives no vote to the tail latency of few requests", () => {
  const input = madeInput(["web cart"], { "web errors": [37, 5] });
  const tail = madeSeries("cart", "latency", { rise: { at: 33, factor: 8 }, quantile: 0.99 });
  const withRequests = (level: number) => ({
    ...input,
    series: [
      ...input.series.filter(({ service }) => service !== "cart"),
      madeSeries("cart", "requests", { level }),
      tail,
    ],
  });

  const few = localise(withRequests(40));
  const many = localise(withRequests(4000));

  expect(few.verdict.services).toEqual(["web"]);
  expect(few.remarks.join()).toContain("cart: latency p99 is a tail latency of too few requests");
  expect(many.verdict.services).toEqual(["cart"]);
});

it("does not take errors that grow with the requests for a fault", () => {
  const rises = { "cart requests": [33, 4], "cart errors": [33, 4], "web errors": [37, 6] } as const;

  const result = localise(madeInput(["web cart"], rises));

  expect(result.verdict.services).toEqual(["web"]);
  expect(result.remarks.join()).toContain("errors rises no more than the requests do");
});

it("does not take a lower latency or an emptier service for a fault", () => {
  const result = localise(madeInput(["web cart"], { "cart latency": [30, 0.3], "cart requests": [30, 0.2] }));

  expect(result).toMatchObject({ verdict: { kind: "none" }, ranked: [], apart: [] });
});
