import { describe, expect, it } from "vitest";
import { ACTING_LINE } from "../test/samples/acting-policy.ts";
import { readPolicyView } from "./policy-view.ts";

describe("the policy as the deployment sees it", () => {
  it("allows nothing on services that the file does not name", () => {
    const view = readPolicyView(ACTING_LINE, "auto");

    expect(view.services).toEqual([]);
    expect(view.mayAct("shop")).toEqual([]);
    expect(view.unnamed).toEqual(["restart", "scale", "rollback"]);
  });

  it.each([
    ["a file without modes", "services: { shop: {} }", []],
    ["an action that the file leaves out", "modes: { restart: auto }\nservices: { shop: {} }", ["restart"]],
    ["the file's own modes", `${ACTING_LINE}\nservices: { shop: {} }`, ["restart", "scale", "rollback"]],
    [
      "the service's modes over them",
      `${ACTING_LINE}\nservices: { shop: { modes: { scale: observe } } }`,
      ["restart", "rollback"],
    ],
    [
      "approve is acting, too",
      "modes: { restart: observe, scale: approve, rollback: observe }\nservices: { shop: {} }",
      ["scale"],
    ],
    ["a protected service", `${ACTING_LINE}\nservices: { shop: { protected: true } }`, []],
    ["the kill switch", `${ACTING_LINE}\nkillSwitch: true\nservices: { shop: {} }`, []],
    [
      "a service that only an alarm names",
      `${ACTING_LINE}\nalarms: [{ pattern: "x-*", service: shop }]`,
      ["restart", "scale", "rollback"],
    ],
  ])("%s", (_name, text, expected) => {
    expect(readPolicyView(text, "auto").mayAct("shop")).toEqual(expected);
  });

  it("lets a ceiling of observe take everything away", () => {
    const shop = `${ACTING_LINE}\nservices: { shop: {} }`;

    expect(readPolicyView(shop, "observe").mayAct("shop")).toEqual([]);
    expect(readPolicyView(shop, "approve").mayAct("shop")).toHaveLength(3);
  });

  it("names what is wrong with a file", () => {
    expect(() => readPolicyView("modes: { restart: perhaps }\nmodus: {}", "auto")).toThrow(
      /modes\.restart.*modus/s,
    );
  });

  it("takes no pattern for a service's name, which would become one in IAM", () => {
    expect(() => readPolicyView('services: { "sh*": {} }', "auto")).toThrow("sh*");
  });

  it("has no services for the names that every object has", () => {
    expect(readPolicyView(`${ACTING_LINE}\nservices: { shop: {} }`, "auto").mayAct("constructor")).toEqual(
      [],
    );
  });

  it("finds the service of an alarm by the first pattern that matches", () => {
    const view = readPolicyView(
      'alarms: [{ pattern: "a.b-*", service: one }, { pattern: "*", service: two }]',
      "auto",
    );

    expect(view.serviceOfAlarm("a.b-5xx")).toBe("one");
    expect(view.serviceOfAlarm("aXb-5xx")).toBe("two");
  });

  it.each([
    ["a weekday without a time zone", "{ from: Fri 16:00, to: Mon 08:00 }"],
    ["a date with one", "{ from: 2026-12-24T00:00:00Z, to: 2026-12-27T00:00:00Z, timeZone: UTC }"],
    ["what is neither", "{ from: Friday, to: Mon 08:00, timeZone: UTC }"],
  ])("refuses to deploy a freeze with %s, with which no function would start", (_, freeze) => {
    expect(() => readPolicyView(`freezes: [${freeze}]`, "auto")).toThrow(/freezes/);
  });

  it("takes weekly freezes and those by date", () => {
    const text = `freezes:
  - { from: Fri 16:00, to: Mon 08:00, timeZone: Europe/Berlin }
  - { from: 2026-12-24T00:00:00Z, to: 2026-12-27T00:00:00Z }`;

    expect(readPolicyView(text, "auto").services).toEqual([]);
  });
});
