import { expect, it } from "vitest";
import { servicesPage } from "./figures-pages.ts";
import { textOf } from "./html.ts";

it("says when the figures are of the newest incidents only", () => {
  expect(textOf(servicesPage({ services: [], complete: false }))).toContain("of the newest 10000");
  expect(textOf(servicesPage({ services: [], complete: true }))).not.toContain("newest 10000");
});
