/** A bound on open connections that keeps nobody out: the one that has been idle longest makes room for the next. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Listens to an HTTP server. Closes the connection that has been without a request for longest, where one more than `most` is open. A connection
 * whose headers are still to come has none. With nothing idle the new connection is closed.
 */
export function limitConnections(server: NodeJS.EventEmitter, most: number): void {
  /** Oldest first. */
  const idle = new Set<Socket>();
  const busy = new Map<Socket, number>();
  const forget = (socket: Socket) => {
    idle.delete(socket);
    busy.delete(socket);
  };
  server.on("connection", (socket: Socket) => {
    if (idle.size + busy.size >= most) {
      const [oldest] = idle;
      const closed = oldest ?? socket;
      forget(closed);
      closed.destroy();
      if (closed === socket) return;
    }
    idle.add(socket);
    socket.once("close", () => forget(socket));
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const left = (busy.get(socket) ?? 1) - 1;
      if (left > 0) busy.set(socket, left);
      else {
        busy.delete(socket);
        if (!socket.destroyed) idle.add(socket);
      }
    });
  });
}
