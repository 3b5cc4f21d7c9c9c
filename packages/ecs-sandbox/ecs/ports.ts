import { createServer } from "node:net";

const taken = new Set<number>();

/** A free TCP port on loopback that this process has not handed out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await probe();
    if (!taken.has(port)) {
      taken.add(port);
      return port;
    }
  }
}

/** Lets a port be handed out again. */
export function releasePort(port: number): void {
  taken.delete(port);
}

function probe(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
