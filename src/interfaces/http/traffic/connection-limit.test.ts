import { once } from "node:events";
import { Agent, createServer, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { limitConnections } from "./connection-limit.ts";

const MOST = 5;
let server: Server;
let port: number;
let opened: Socket[];
let answers: (() => void)[];

beforeEach(async () => {
  [opened, answers] = [[], []];
  server = createServer((asked, answer) => {
    if (asked.url === "/slow") answers.push(() => answer.end("late"));
    else answer.end("ok");
  });
  limitConnections(server, MOST);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const socket of opened) socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** A connection that says nothing, or half a header. */
async function open(text = ""): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  opened.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return socket;
}

async function get(path: string, agent = new Agent()): Promise<string> {
  const sent = request({ port, path, agent }).end();
  const [answer] = await once(sent, "response");
  answer.setEncoding("utf8");
  return (await answer.toArray()).join("");
}

const count = () => new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));

it("answers a new client while idle connections take every place, and closes the oldest of them", async () => {
  const [oldest] = [await open(), ...(await Promise.all(Array.from({ length: 19 }, () => open("GET / HT"))))];

  const found = await Promise.all(Array.from({ length: 10 }, () => get("/")));

  expect(found).toEqual(Array(10).fill("ok"));
  expect(oldest?.destroyed || oldest?.readableEnded || (await once(oldest as Socket, "close"))).toBeTruthy();
  expect(await count()).toBeLessThanOrEqual(MOST);
});

it("does not close a connection whose request is answered, however many come after", async () => {
  const slow = get("/slow");
  while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  for (let at = 0; at < 3 * MOST; at += 1) await open();

  answers[0]?.();

  expect(await slow).toBe("late");
});

it("closes the new connection where every other one is answered", async () => {
  const slow = Array.from({ length: MOST }, () => get("/slow"));
  while (answers.length < MOST) await new Promise((resolve) => setTimeout(resolve, 5));

  await expect(get("/")).rejects.toThrow(/socket hang up|ECONNRESET/);
  for (const answer of answers) answer();
  expect(await Promise.all(slow)).toEqual(Array(MOST).fill("late"));
});

it("keeps a client's connection from one request to the next, and gives its place back when it goes", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await get("/", agent);
  await get("/", agent);
  expect(await count()).toBe(1);
  agent.destroy();
  while ((await count()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));

  const slow = Array.from({ length: MOST }, () => get("/slow"));
  while (answers.length < MOST) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const answer of answers) answer();
  expect(await Promise.all(slow)).toHaveLength(MOST);
});
