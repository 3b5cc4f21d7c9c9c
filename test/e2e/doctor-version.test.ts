import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { VERSION } from "../../src/version.ts";
import { runCliProcess } from "../support/cli-process.ts";

let server: Server;
let asked: string[];
let answer: { readonly status: number; readonly body: unknown };

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.close());

async function versions(...more: readonly string[]) {
  const { stdout } = await runCliProcess(["doctor", "--only", "versions", "--json", ...more], {
    cwd: tmpdir(),
    variables: {},
  });
  return (JSON.parse(stdout) as { results: { status: string; seen: string }[] }).results[0];
}
const newest = () => ["--newest", `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest`];

it.each<[string, number, unknown, string, RegExp]>([
  ["a newer one of a registry", 200, { version: "99.0.0" }, "warning", /99\.0\.0 is out/],
  ["a newer one of GitHub", 200, { tag_name: "v0.99.0" }, "warning", /0\.99\.0 is out/],
  ["its own", 200, { version: VERSION }, "ok", /the newest/],
  ["an older one", 200, { version: "0.0.9" }, "ok", /the newest/],
  ["nothing", 500, {}, "warning", /cannot be told: it answered 500/],
  ["something else", 200, { version: "<b>1</b>" }, "warning", /without a version/],
])("doctor --newest, told of %s", async (_, status, body, found, words) => {
  answer = { status, body };

  expect(await versions(...newest())).toMatchObject({ status: found, seen: expect.stringMatching(words) });
  expect(asked).toEqual(["/latest"]);
});

it("doctor asks nobody for a newer version by itself", async () => {
  expect(await versions()).toMatchObject({
    status: "ok",
    seen: expect.stringContaining(`OpsAgent ${VERSION}`),
  });
});
