import { Resolver } from "node:dns/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type NameServer, startNameServer } from "./name-server.ts";

let server: NameServer;
let resolver: Resolver;

beforeEach(async () => {
  server = await startNameServer();
  resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([server.address]);
});
afterEach(() => server.close());

it("resolves the names that it was given, whatever their case, and no other", async () => {
  server.set("Payments.partner.example", true);

  expect(await resolver.resolve4("payments.PARTNER.example")).toEqual(["127.0.0.1"]);
  await expect(resolver.resolve4("other.example")).rejects.toMatchObject({ code: "ENOTFOUND" });
  await expect(resolver.resolve6("payments.partner.example")).rejects.toMatchObject({ code: "ENODATA" });
});

it("forgets a name", async () => {
  server.set("payments.partner.example", true);
  server.set("payments.partner.example", false);

  await expect(resolver.resolve4("payments.partner.example")).rejects.toMatchObject({ code: "ENOTFOUND" });
});
