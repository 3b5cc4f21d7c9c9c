/** The files of the fault library: is each one consistent with itself, and is the page on how to write one complete? */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { injectionSchema } from "./injection.ts";
import { fillIn, readScenarios, type Scenario, scenarioSchema } from "./scenario.ts";

const root = join(import.meta.dirname, "../../..");
const scenarios = [...readScenarios(join(root, "packages/ecs-sandbox", "faults"))];

it.each(scenarios)("%s is consistent", (_name, scenario) => {
  expect(problemsOf(scenario)).toEqual([]);
});

it.each(scenarios)("%s is in the file of its name", (name) => {
  const file = JSON.parse(
    readFileSync(join(root, "packages/ecs-sandbox", "faults", `${name}.json`), "utf8"),
  ) as {
    readonly name: string;
  };

  expect(file.name).toBe(name);
});

it.each([
  [
    "names a service that is not there",
    { load: { service: "nobody", perSecond: 1 } },
    "nobody is no service",
  ],
  [
    "calls what is right harmful",
    { truth: { causes: ["x"], actions: ["restart"], harmful: ["restart"], targets: "injected", cure: "" } },
    "restart is right and harmful",
  ],
  [
    "asks for a rollback of nothing",
    { truth: { causes: ["x"], actions: ["rollback"], harmful: [], targets: "none", cure: "" } },
    "no deployment that could be rolled back",
  ],
  ["leaves a gap open", { alarms: [{ AlarmName: "a", Metric: "$" + "{x.url}" }] }, "Nothing to put in for"],
])("a file that %s is found", (_what, change, problem) => {
  const [, sound] = scenarios[0] ?? [];
  const broken = scenarioSchema.parse({ ...sound, injection: [], ...change });

  expect(problemsOf(broken).join("; ")).toContain(problem);
});

it("the page on adding a fault names every member and injection", () => {
  const page = readFileSync(join(root, "docs", "add-a-fault.md"), "utf8");
  const { services, truth, ...members } = scenarioSchema.shape;
  const names = [
    ...Object.keys({ services, truth, ...members }),
    ...Object.keys(services.element.shape),
    ...Object.keys(truth.shape),
    ...injectionSchema.options.flatMap((option) => [
      [...option.shape.kind.values][0] ?? "",
      ...Object.keys(option.shape),
    ]),
  ];

  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

/** What does not fit together, in words. */
function problemsOf(scenario: Scenario): string[] {
  const { services, externals, injection, aftermath, truth } = scenario;
  const steps = [...injection, ...aftermath];
  const known = new Set(services.map(({ name }) => name));
  const named = [
    scenario.service,
    scenario.load.service,
    ...steps.flatMap((step) => ("service" in step ? step.service : [])),
  ];
  const outside = steps.flatMap((step) => (step.kind === "external" ? step.name : []));
  const { causes, actions, harmful, targets, ends } = truth;
  const nothingDue = actions.every((action) => action === "none");
  const guilty = injection.filter((step) => step.kind === "deploy" && !step.innocent);
  return [
    ...named.filter((name) => !known.has(name)).map((name) => `${name} is no service`),
    ...outside
      .filter((name) => !externals.some((external) => external.name === name))
      .map((name) => `${name} is no external`),
    ...actions
      .filter((action) => harmful.some((harm) => harm === action))
      .map((action) => `${action} is right and harmful`),
    ...(new Set(causes).size < causes.length ? ["a cause is named twice"] : []),
    ...(actions.includes("rollback") && guilty.length === 0
      ? ["no deployment that could be rolled back"]
      : []),
    ...((targets !== "none") === actions.includes("restart")
      ? []
      : ["tasks may be touched exactly where a restart is right"]),
    ...(nothingDue && ends !== undefined ? ["ends are for faults where an action is due"] : []),
    ...gapsOf(scenario),
  ];
}

/** Names in `${}` that nothing fills in. */
function gapsOf({ services, externals, secrets, alarms }: Scenario): string[] {
  const values = new Map([
    ["topic", ""],
    ["names", ""],
  ]);
  for (const { name } of services)
    for (const part of ["url", "loadBalancer", "targetGroup", "alternateTargetGroup"])
      values.set(`${name}.${part}`, "");
  for (const { name } of externals)
    for (const part of ["url", "address", "ca"]) values.set(`${name}.${part}`, "");
  try {
    fillIn([services, secrets, alarms], values);
    return [];
  } catch (fault) {
    return [(fault as Error).message];
  }
}
