import { once } from "node:events";
import { get } from "node:https";
import { createServer, type Server } from "node:tls";
import { afterEach, expect, it } from "vitest";
import { createAuthority } from "./certificate.ts";

const host = "payments.partner.example";
const authority = createAuthority("Demo Root");
let server: Server | undefined;

afterEach(() => server?.close());

/** The status of a request over TLS with this end of validity, or the code of the error. */
async function outcome(notAfter: Date, trusted: string, servername = host): Promise<number | string> {
  const { certificate, key } = authority.issue(host, notAfter);
  const listening = createServer({ cert: certificate, key }, (socket) =>
    socket.end("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
  );
  server = listening;
  listening.on("tlsClientError", () => {});
  await once(listening.listen(0, "127.0.0.1"), "listening");
  const address = listening.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, servername, ca: trusted, agent: false };
    get(options, (response) => resolve(response.resume().statusCode ?? 0)).on(
      "error",
      (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message),
    );
  });
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

it("is trusted by a client that trusts its authority, for its host", async () => {
  expect(await outcome(inAnHour(), authority.certificate)).toBe(204);
  expect(await outcome(inAnHour(), authority.certificate, "other.example")).toBe(
    "ERR_TLS_CERT_ALTNAME_INVALID",
  );
  expect(await outcome(inAnHour(), createAuthority("Other Root").certificate)).toBe(
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  );
});

it("expires", async () => {
  expect(await outcome(new Date(Date.now() - 2000), authority.certificate)).toBe("CERT_HAS_EXPIRED");
});
