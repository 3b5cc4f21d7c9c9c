/** Stands between a store and DynamoDB, and disturbs what goes through as a test says. */
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What happens to a call: `pass`; `lose-answer`: it has its effect, but the connection breaks before the answer;
 * `hang`: no answer, ever; or a refusal with this error code of DynamoDB, without effect.
 */
export type Treatment = "pass" | "lose-answer" | "hang" | { readonly refuse: string };

export interface Call {
  /** `PutItem`, `Query` ... */
  readonly operation: string;
  /** The same when the vendor's client tries again. */
  readonly body: string;
}

export type DynamoProxy = Awaited<ReturnType<typeof startDynamoProxy>>;

/** Starts it before the server at `endpoint`; everything passes until told otherwise. */
export async function startDynamoProxy(endpoint: string) {
  let treat: (call: Call) => Treatment = () => "pass";
  const calls: Call[] = [];

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? "";
      const call = { operation, body: body.toString("utf8") };
      calls.push(call);
      const treatment = treat(call);
      if (treatment === "hang") return;
      if (typeof treatment === "object") {
        outgoing.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
        outgoing.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${treatment.refuse}` }));
        return;
      }
      const onward = request(endpoint, { method: "POST", headers: incoming.headers }, (answer) => {
        if (treatment === "lose-answer") {
          answer.resume();
          answer.on("end", () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => incoming.socket.destroy());
      onward.end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: calls as readonly Call[],
    treat: (how: (call: Call) => Treatment): void => {
      treat = how;
    },
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const WRITES = ["PutItem", "DeleteItem", "UpdateItem"];

/** Whether a call changes something. */
export function isWrite({ operation }: Call): boolean {
  return WRITES.includes(operation);
}

/** Every write has its effect, and loses the answer to its first try. */
export function losingEveryFirstAnswer(): (call: Call) => Treatment {
  const seen = new Set<string>();
  return (call) => {
    if (!isWrite(call) || seen.has(call.body)) return "pass";
    seen.add(call.body);
    return "lose-answer";
  };
}

/** As if the process died after so many writes: nothing after them has an effect. */
export function dyingAfterWrites(writes: number): (call: Call) => Treatment {
  let left = writes;
  let dead = false;
  return (call) => {
    if (isWrite(call)) left -= 1;
    dead ||= left < 0;
    return dead ? { refuse: "AccessDeniedException" } : "pass";
  };
}
