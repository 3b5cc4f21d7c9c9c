import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A DNS server on loopback for the names of the outside world. */
export interface NameServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** From now on the name resolves to loopback, or is unknown. */
  set(name: string, resolves: boolean): void;
  close(): void;
}

/** Starts it. It answers A queries (RFC 1035) and knows no other type; an unknown name is NXDOMAIN. */
export async function startNameServer(): Promise<NameServer> {
  const names = new Set<string>();
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    socket.send(answer(query, names), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.unref();
  return {
    address: `127.0.0.1:${socket.address().port}`,
    set(name, resolves) {
      if (resolves) names.add(name.toLowerCase());
      else names.delete(name.toLowerCase());
    },
    close: () => socket.close(),
  };
}

const headerBytes = 12;
const typeA = 1;

function answer(query: Buffer, names: ReadonlySet<string>): Buffer {
  const { name, end } = readName(query);
  const known = names.has(name);
  const isA = query.readUInt16BE(end) === typeA;
  const header = Buffer.from(query.subarray(0, headerBytes));
  // Response, recursion desired and available; code 3 means that the name does not exist.
  header.writeUInt16BE(0x8180 | (known ? 0 : 3), 2);
  header.writeUInt16BE(known && isA ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(headerBytes, end + 4);
  if (!known || !isA) return Buffer.concat([header, question]);
  // A pointer to the name of the question, type A, class IN, time to live 0, four bytes of address.
  const record = Buffer.from([0xc0, headerBytes, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1]);
  return Buffer.concat([header, question, record]);
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString("ascii"));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}
