import { beforeAll, describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { gather, useStubCredentials } from "../recorded/gather.ts";
import { allCases } from "../scenarios/index.ts";
import { createStandIn } from "./stand-in-model.ts";

beforeAll(useStubCredentials);

const opinionOn = async (wanted: string) => {
  const one = allCases.find(({ name, half }) => name === wanted && half === "development");
  if (one === undefined) throw new Error(`There is no open case ${wanted}.`);
  const { alert, evidence } = await gather(one);
  const said = await diagnose({ alert, evidence, diagnoser: "model", model: createStandIn });
  return [said.diagnosis, said.secondOpinion].find((opinion) => opinion?.by === "model");
};

describe("the stand-in", () => {
  it.each([
    ["import-kills-one", { cause: "oom-kill", action: "restart" }],
    ["oldest-task-leaks", { cause: "memory-leak", action: "restart" }],
    ["cache-refuses", { cause: "dependency-down", action: "none" }],
    ["all-quiet-data-missing", { cause: "unknown", action: "none" }],
  ])("reads %s from the prompt alone", async (name, opinion) => {
    expect(await opinionOn(name)).toMatchObject(opinion);
  });
});
