/** Every weight is there for a case: what turns none is deleted, not kept for luck. */
import { beforeAll, describe, expect, it } from "vitest";
import { HYPOTHESES } from "../../src/diagnosis/hypotheses/index.ts";
import { weighCauses } from "../../src/diagnosis/weigh-causes.ts";
import { incidentsOf } from "../generated/family.ts";
import { fittingFamilies } from "../generated/fitting/index.ts";
import { gather, useStubCredentials } from "../recorded/gather.ts";
import { inParallel } from "../recorded/judge.ts";
import { allCases } from "../scenarios/index.ts";
import { idleWeights, type ReadCase, weightsOf } from "./weights.ts";

/** Four generated incidents of each family for fitting. */
const GENERATED = 4 * fittingFamilies.length;
const WIDTH = 4;

/** Weights that only cases made by hand turn, and where they stand. */
const BY_HAND: Readonly<Record<string, string>> = {
  "health-check-misconfigured (changed): check-changed against": "src/diagnosis/old-cliffs.test.ts",
  "health-check-misconfigured (wrong-port): check-port-closed for": "src/diagnosis/old-cliffs.test.ts",
  "health-check-misconfigured (wrong-port): check-port-closed against": "src/diagnosis/old-cliffs.test.ts",
  "health-check-misconfigured (wrong-status): wrong-answer against": "src/diagnosis/old-cliffs.test.ts",
  "network-failure (shut): says-no-answer against": "src/diagnosis/old-cliffs.test.ts",
  "no-fault (noise): service-well for": "test/adversarial/planted-suite.ts",
  "startup-misconfiguration (wrong-architecture): says-wrong-architecture for":
    "src/diagnosis/old-cliffs.test.ts",
  "startup-misconfiguration (wrong-architecture): says-wrong-architecture against":
    "src/diagnosis/old-cliffs.test.ts",
  "traffic-loss: service-well for": "src/diagnosis/view/low-side.test.ts",
  "dependency-down (says): says-refused against": "src/diagnosis/view/guards.test.ts",
  "traffic-spike (saturated): follows-load for": "src/diagnosis/old-cliffs.test.ts",
  "traffic-spike (domino): released-before contradicts": "src/diagnosis/domino.test.ts",
  "traffic-spike (followed): traffic-grew against": "src/diagnosis/old-cliffs.test.ts",
};

let cases: ReadCase[] = [];

beforeAll(async () => {
  useStubCredentials();
  const recorded = allCases.filter(({ half }) => half === "development");
  const given = [...recorded, ...incidentsOf(fittingFamilies, GENERATED, "9")];
  cases = await inParallel(given, WIDTH, async (one) => weighCauses((await gather(one)).evidence).signs);
}, 300_000);

describe("every weight", () => {
  it("turns a case where it is taken away, halved or doubled", () => {
    const idle = idleWeights(HYPOTHESES, cases);

    expect(idle.filter((name) => !Object.hasOwn(BY_HAND, name))).toEqual([]);
  }, 600_000);

  it("is told where it turns none", () => {
    const [first, ...rest] = HYPOTHESES;
    if (first === undefined) throw new Error("no hypotheses");
    const idle = { ...first, contradicts: { ...first.contradicts, "disk-stop": 0.01 } };
    const few = cases.slice(0, 5);

    expect(idleWeights([idle, ...rest], few)).toContain(
      `${first.cause} (${first.variant}): disk-stop contradicts`,
    );
    expect(weightsOf(HYPOTHESES).length).toBeGreaterThan(250);
  }, 300_000);
});
