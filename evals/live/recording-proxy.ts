/** Records every answer between an agent and the sandbox's AWS endpoint; for the tests of isolation. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface RecordingProxy {
  readonly address: string;
  /** Headers and bodies of every answer. */
  readonly answers: readonly string[];
  close(): Promise<void>;
}

/** Starts the proxy, which passes every request on unchanged. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const answers: string[] = [];
  const server = createServer(async (request, response) => {
    try {
      const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
      const body = await buffer(request);
      const answer = await fetch(`${target}${request.url}`, {
        method: request.method ?? "POST",
        headers: headers as Record<string, string>,
        ...(body.length === 0 ? {} : { body }),
      });
      const text = await answer.text();
      const given = Object.fromEntries(answer.headers);
      answers.push(`${JSON.stringify(given)}\n${text}`);
      const { "content-length": ____, "transfer-encoding": _____, connection: ______, ...kept } = given;
      response.writeHead(answer.status, kept).end(text);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
