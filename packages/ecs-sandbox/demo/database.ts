/**
 * The demo's database, outside the cluster: TCP, one line a request and one a reply. It refuses connections over its
 * limit. IPC messages: `{slow}` milliseconds a query, `{maxConnections}`, `{silent}` takes queries and answers none,
 * `{others}` so many connections belong to clients that nobody here knows, `{hangUp}` closes all of the others.
 */
import { createServer, type Socket } from "node:net";

let slowMs = 1;
let maxConnections = Number(process.env["MAX_CONNECTIONS"] ?? "40");
let silent = false;
let connections = 0;
let others = 0;
const sockets = new Set<Socket>();

const server = createServer((socket) => {
  const isTooMany = connections + others >= maxConnections;
  connections += 1;
  sockets.add(socket);
  socket.once("close", () => {
    connections -= 1;
    sockets.delete(socket);
  });
  socket.on("error", () => {});
  socket.setEncoding("utf8").on("data", () => {
    if (isTooMany) socket.end("ERR FATAL: sorry, too many clients already\n");
    else if (!silent) setTimeout(() => socket.writable && socket.write("OK 1\n"), slowMs);
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: address !== null && typeof address === "object" ? address.port : 0 });
});

process.on("message", (message) => {
  const change = message as {
    readonly slow?: number;
    readonly maxConnections?: number;
    readonly silent?: boolean;
    readonly others?: number;
    readonly hangUp?: boolean;
  };
  slowMs = change.slow ?? slowMs;
  maxConnections = change.maxConnections ?? maxConnections;
  silent = change.silent ?? silent;
  others = change.others ?? others;
  if (change.hangUp) for (const socket of sockets) socket.destroy();
});
process.on("disconnect", () => process.exit(0));
