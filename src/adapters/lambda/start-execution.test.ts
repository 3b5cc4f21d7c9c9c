import fc from "fast-check";
import { expect, it } from "vitest";
import { allowedName } from "./start-execution.ts";

it("keeps a name that Lambda allows", () => {
  expect(allowedName("incident-0123456789abcdef0123456789abcdef")).toBe(
    "incident-0123456789abcdef0123456789abcdef",
  );
});

it("makes any other name allowed, the same for the same and another for another", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(allowedName(one)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(allowedName(one)).toBe(allowedName(one));
      if (one !== other) expect(allowedName(one)).not.toBe(allowedName(other));
    }),
  );
});
