import { expect, it } from "vitest";
import { boundRefusals } from "./refusal-log.ts";

it("tells of some refusals at each address, counts the rest, and passes everything else", () => {
  let now = 0;
  const logged: [string, unknown][] = [];
  const log = (event: string, fields?: Record<string, unknown>) => void logged.push([event, fields]);
  const logger = boundRefusals({ info: log, warn: log, error: log }, () => now);
  const refuse = (path: string) => logger.warn("http-refused", { path, reason: "no known secret" });

  for (let at = 0; at < 100; at += 1) refuse("/webhooks/sns");
  expect(logged).toHaveLength(20);
  for (let at = 0; at < 25; at += 1) logger.warn("http-junk", { path: "/webhooks/sns" });
  logger.error("http-fault", { path: "/webhooks/sns" });
  logger.info("server-stopping");
  expect(logged).toHaveLength(47);

  now = 1_000;
  refuse("/webhooks/sns");
  expect(logged.at(-1)).toEqual([
    "http-refused",
    { path: "/webhooks/sns", reason: "no known secret", untold: 80 },
  ]);
  refuse("/events");
  expect(logged.at(-1)).toEqual(["http-refused", { path: "/events", reason: "no known secret" }]);
});
