import { join } from "node:path";
import { expect, it } from "vitest";
import { pushDemoImages } from "../demo/images.ts";
import { createImageRegistry } from "../ecs/images.ts";
import { readScenarios } from "./scenario.ts";

const scenarios = [...readScenarios(join(import.meta.dirname, "..", "faults")).values()];

it.each(scenarios)("$name shows the agent neither its name nor its answer", (scenario) => {
  const { services, alarms, injection, truth } = scenario;
  const images = injection.flatMap((one) => ("image" in one ? one.image : []));
  const shown = JSON.stringify([services, alarms, images]);

  const told = [scenario.name, ...scenario.name.split("-"), ...truth.causes, ...truth.actions, "fault"];

  expect(told.filter((word) => !ordinary.has(word) && shown.includes(word))).toEqual([]);
});

/** Words of a scenario's name or answer that are ordinary ones of a service as well. */
const ordinary = new Set(["task", "unhealthy", "none"]);

it.each(scenarios)("$name uses images that are there", ({ services, injection, truth }) => {
  const images = createImageRegistry();
  pushDemoImages(images);

  const used = [
    ...services.map((one) => one.image),
    // An image that is missing is what some are about.
    ...(truth.causes.includes("image-pull-failure")
      ? []
      : injection.flatMap((one) => ("image" in one ? (one.image ?? []) : []))),
  ];

  expect(used.filter((image) => images.pull(image).kind === "refused")).toEqual([]);
});
