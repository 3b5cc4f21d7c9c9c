import { expect, it } from "vitest";
import { packOf, service } from "../../test/samples/facts.ts";
import { settleSeconds } from "./settle-time.ts";

const back = { action: "rollback", from: "shop:7", to: "shop:6", how: "update-service" } as const;

it.each([
  ["a canary shifts and bakes", back, { strategy: "CANARY", bakeMinutes: 5, shiftMinutes: 10 }, 900],
  ["a day of bake is for a person to watch", back, { strategy: "CANARY", bakeMinutes: 1440 }, 1800],
  ["a rolling deployment only replaces tasks", back, { strategy: "ROLLING", bakeMinutes: 5 }, 0],
  [
    "a stopped deployment gives its traffic back at once",
    { ...back, how: "stop-deployment" },
    { strategy: "CANARY", bakeMinutes: 5 },
    0,
  ],
  ["a scale shifts none", { action: "scale", from: 3, to: 5 }, { strategy: "CANARY", bakeMinutes: 5 }, 0],
] as const)("waits for recovery as long as traffic moves: %s", (_, plan, shape, seconds) => {
  expect(settleSeconds(plan, packOf([service(shape)]))).toBe(seconds);
});
