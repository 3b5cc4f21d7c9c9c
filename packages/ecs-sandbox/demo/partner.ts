/**
 * An external API, outside the cluster: HTTP, or HTTPS when `CERTIFICATE` and `KEY` are set. IPC messages: `{mode}`,
 * `{slow}` milliseconds an answer, `{certificate, key}` for new connections, `{hangUp}` closes kept connections.
 */
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";

type Mode = "well" | "throttled" | "denied" | "failing" | "silent";

let mode: Mode = "well";
let slowMs = 5;
const caller = "arn:aws:sts::000000000000:assumed-role/shop-task/8f14e45fceea";

const answers: Readonly<
  Record<Exclude<Mode, "silent">, { readonly status: number; readonly body: unknown }>
> = {
  well: { status: 200, body: { status: "accepted" } },
  throttled: { status: 429, body: { error: "rate_limit_exceeded", message: "Too Many Requests" } },
  denied: {
    status: 403,
    body: {
      __type: "com.amazonaws.dynamodb.v20120810#AccessDeniedException",
      Message:
        `User: ${caller} is not authorized to perform: dynamodb:PutItem on resource: ` +
        "arn:aws:dynamodb:us-east-1:000000000000:table/receipts because no identity-based policy allows the " +
        "dynamodb:PutItem action",
    },
  },
  failing: { status: 503, body: { error: "service_unavailable" } },
};

const listener: RequestListener = (incoming, response) => {
  incoming.resume();
  if (mode === "silent") return;
  const { status, body } = answers[mode];
  const headers = { "content-type": "application/json", ...(status === 429 ? { "retry-after": "2" } : {}) };
  setTimeout(() => response.writeHead(status, headers).end(JSON.stringify(body)), slowMs);
};

const [cert, key] = [process.env["CERTIFICATE"], process.env["KEY"]];
const secure = cert !== undefined && key !== undefined ? createTlsServer({ cert, key }, listener) : undefined;
const server = secure ?? createServer(listener);

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: address !== null && typeof address === "object" ? address.port : 0 });
});

process.on("message", (message) => {
  const change = message as {
    readonly mode?: Mode;
    readonly slow?: number;
    readonly certificate?: string;
    readonly key?: string;
    readonly hangUp?: boolean;
  };
  mode = change.mode ?? mode;
  slowMs = change.slow ?? slowMs;
  if (change.hangUp) server.closeAllConnections();
  if (change.certificate !== undefined && change.key !== undefined) {
    secure?.setSecureContext({ cert: change.certificate, key: change.key });
  }
});
process.on("disconnect", () => process.exit(0));
