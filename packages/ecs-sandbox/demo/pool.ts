/** A pool of connections to the database of the demo, which speaks one line a request and one a reply. */
import { createConnection, type Socket } from "node:net";

/** A connection taken from the pool, until it is released. */
export interface Lease {
  /** Sends one line and returns the reply. Rejects for an `ERR` reply or a closed connection. */
  query(line: string, timeoutMs: number): Promise<string>;
  release(): void;
}

/** A pool of at most `size` connections. */
export interface Pool {
  /** Rejects when no connection becomes free within `timeoutMs`, or none can be opened. */
  acquire(timeoutMs: number): Promise<Lease>;
  counts(): { readonly inUse: number; readonly idle: number; readonly waiting: number };
  /** Every connection goes, and the pool counts them as in use for good: it opens none any more. */
  lose(): void;
}

const pools: Pool[] = [];

/** What a failover of the database does to pools of this kind. */
export function losePools(): void {
  for (const pool of pools) pool.lose();
}

/** Creates an empty pool; connections are opened on demand and kept. */
export function createPool(address: string, size: number): Pool {
  const [host = "127.0.0.1", port = "0"] = address.split(":");
  const idle: Socket[] = [];
  const sockets = new Set<Socket>();
  const waiting: ((socket: Socket) => void)[] = [];
  let open = 0;
  let isLost = false;

  function connect(): Promise<Socket> {
    open += 1;
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port: Number(port) });
      socket.setEncoding("utf8").setNoDelay(true);
      sockets.add(socket);
      let wasOpen = false;
      socket.once("connect", () => {
        wasOpen = true;
        resolve(socket);
      });
      socket.once("error", reject);
      socket.once("close", () => {
        sockets.delete(socket);
        if (isLost) return;
        open -= 1;
        const at = idle.indexOf(socket);
        if (at >= 0) idle.splice(at, 1);
        // Its slot is free: open a connection for a waiting caller.
        if (wasOpen && waiting.length > 0) connect().then(give, () => {});
      });
    });
  }

  function give(socket: Socket): void {
    if (isLost) socket.destroy();
    if (socket.destroyed) return;
    const next = waiting.shift();
    if (next) next(socket);
    else idle.push(socket);
  }

  function wait(timeoutMs: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new Error(
          `timeout of ${timeoutMs}ms exceeded while waiting for a connection from the pool ` +
            `(size ${size}, in use ${open - idle.length}, idle ${idle.length}, waiting ${waiting.length})`,
        );
        waiting.splice(waiting.indexOf(taken), 1);
        reject(error);
      }, timeoutMs);
      const taken = (socket: Socket) => {
        clearTimeout(timer);
        resolve(socket);
      };
      waiting.push(taken);
    });
  }

  const pool: Pool = {
    async acquire(timeoutMs) {
      const socket = idle.pop() ?? (open < size ? await connect() : await wait(timeoutMs));
      return { query: (line, limitMs) => query(socket, line, limitMs), release: () => give(socket) };
    },
    counts: () => ({ inUse: open - idle.length, idle: idle.length, waiting: waiting.length }),
    lose() {
      isLost = true;
      open = size;
      idle.length = 0;
      for (const socket of sockets) socket.destroy();
    },
  };
  pools.push(pool);
  return pool;
}

/** A failed query leaves its connection in an unknown state, so it is closed. */
function query(socket: Socket, line: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | undefined, reply = "") => {
      clearTimeout(timer);
      socket.off("data", onData).off("close", onClose);
      if (error) {
        socket.destroy();
        reject(error);
      } else {
        resolve(reply);
      }
    };
    const timer = setTimeout(() => end(new Error(`query timed out after ${timeoutMs}ms`)), timeoutMs);
    const onData = (data: string) => {
      const reply = data.trimEnd();
      if (reply.startsWith("ERR ")) end(new Error(reply.slice(4)));
      else end(undefined, reply);
    };
    const onClose = () => end(new Error("Connection terminated unexpectedly"));
    socket.on("data", onData).on("close", onClose);
    socket.write(`${line}\n`);
  });
}
