import { expect, it } from "vitest";
import { servicesPage } from "./figures-pages.ts";

it("says when the figures are of the newest incidents only", () => {
  expect(String(servicesPage({ services: [], complete: false }))).toContain("of the newest 10000");
  expect(String(servicesPage({ services: [], complete: true }))).not.toContain("newest 10000");
});
