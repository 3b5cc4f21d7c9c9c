import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createPool, type Pool } from "./pool.ts";

let server: Server;
let pool: Pool;
/** How the database answers; undefined for not at all. */
let reply: string | undefined;

beforeEach(async () => {
  reply = "OK 1";
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => reply !== undefined && socket.write(`${reply}\n`));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  pool = createPool(`127.0.0.1:${port}`, 2);
});
afterEach(() => server.close());

it("keeps connections, and hands one that is given back to who waits", async () => {
  const first = await pool.acquire(100);
  await pool.acquire(100);
  const waiting = pool.acquire(1000);

  const answer = await first.query("RESERVE a", 500);
  first.release();

  expect(answer).toBe("OK 1");
  await expect((await waiting).query("RESERVE b", 500)).resolves.toBe("OK 1");
  expect(pool.counts()).toEqual({ inUse: 2, idle: 0, waiting: 0 });
});

it("says how it stands when nothing is given back in time", async () => {
  await pool.acquire(100);
  await pool.acquire(100);

  await expect(pool.acquire(50)).rejects.toThrow(
    "timeout of 50ms exceeded while waiting for a connection from the pool (size 2, in use 2, idle 0, waiting 1)",
  );
  expect(pool.counts().waiting).toBe(0);
});

it("closes a connection whose query failed, and gives its place to who waits", async () => {
  const first = await pool.acquire(100);
  await pool.acquire(100);
  const waiting = pool.acquire(2000);
  reply = "ERR FATAL: sorry, too many clients already";

  await expect(first.query("RESERVE a", 500)).rejects.toThrow("FATAL: sorry, too many clients already");
  reply = undefined;

  await expect((await waiting).query("RESERVE b", 50)).rejects.toThrow("query timed out after 50ms");
});

it("opens nothing any more once its connections are lost, though the database answers", async () => {
  const lease = await pool.acquire(100);
  lease.release();

  pool.lose();

  await expect(pool.acquire(50)).rejects.toThrow(
    "waiting for a connection from the pool (size 2, in use 2, idle 0, waiting 1)",
  );
  expect(pool.counts()).toEqual({ inUse: 2, idle: 0, waiting: 0 });
});
