import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { eventually } from "../range-fixture.ts";
import { demoProgram } from "./images.ts";

let shop: ChildProcess | undefined;
let printed = "";

afterEach(() => shop?.kill("SIGKILL"));

/** Runs a release of the shop as a process; answers its address. */
async function run(version: string, environment: Record<string, string> = {}): Promise<string> {
  const { port } = await freePort();
  const program = demoProgram("shop.ts");
  const [file, ...argv] = program.argv;
  printed = "";
  shop = spawn(file, argv, {
    env: {
      PATH: process.env["PATH"],
      ...program.environment,
      APP_VERSION: version,
      PORT: String(port),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [shop.stdout, shop.stderr]) stream?.on("data", (data) => (printed += String(data)));
  return `http://127.0.0.1:${port}`;
}

async function freePort(): Promise<{ port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as { port: number };
  server.close();
  return address;
}

const exitCode = async () => (shop?.exitCode ?? (await once(shop as ChildProcess, "exit"))[0]) as number;
const status = (url: string) => eventually(async () => (await fetch(url).catch(() => undefined))?.status);

it("1.4.2 answers where its health check is, and stays", async () => {
  const url = await run("1.4.2");

  expect(await status(`${url}/healthz`)).toBe(200);
  expect(await status(`${url}/products/7`)).toBe(200);
  expect(await status(`${url}/health/live`)).toBe(404);
});

it("1.7.0 ends by itself, successfully", async () => {
  await run("1.7.0");

  expect(await exitCode()).toBe(0);
  expect(printed).toContain("nothing left to do");
});

it("1.8.0 needs a setting, and starts with it", async () => {
  await run("1.8.0");
  const code = await exitCode();
  const words = printed;
  const url = await run("1.8.0", { CHECKOUT_SIGNING_KEY: "k" });

  expect(code).toBe(1);
  expect(words).toContain("required setting CHECKOUT_SIGNING_KEY is not set");
  expect(await status(`${url}/healthz`)).toBe(200);
});

it("1.9.0 answers health checks elsewhere", async () => {
  const url = await run("1.9.0");

  expect(await status(`${url}/health/live`)).toBe(200);
  expect(await status(`${url}/healthz`)).toBe(404);
});

it("1.10.0 ends after some requests", async () => {
  const url = await run("1.10.0");
  await status(`${url}/healthz`);

  await Promise.all(Array.from({ length: 160 }, () => fetch(`${url}/none`).catch(() => undefined)));

  expect(await exitCode()).toBe(1);
  expect(printed).toContain("uncaught exception: Invalid array length");
});

it("1.16.0 is ready only a while after its start", async () => {
  const url = await run("1.16.0");

  expect(await status(`${url}/healthz`)).toBe(503);
  expect(await status(`${url}/products/7`)).toBe(503);
  await eventually(async () => (await status(`${url}/healthz`)) === 200, 30_000);
  expect(await status(`${url}/products/7`)).toBe(200);
});

it.each(["1.6.0", "1.7.0", "1.8.0", "1.9.0", "1.11.0", "1.14.0", "1.16.0"])(
  "%s says in none of its words what it is for",
  async (version) => {
    await run(version);

    await new Promise((resolve) => setTimeout(resolve, 1500));

    const shown = printed.replaceAll(import.meta.dirname, "/app");
    expect(shown).not.toMatch(/fault|inject|leak|sandbox|drill|opsagent/i);
  },
);
