/** Everything that a person or a program can look at while an incident goes on, read as they read it. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { createHttpApp } from "../../src/interfaces/http/app.ts";
import { createMcpServer } from "../../src/interfaces/mcp/server.ts";
import { answersOf, brakeOf, openDesk } from "../support/approval-desk.ts";
import { runCliHere } from "../support/command-line.ts";
import { LOCAL_POLICY } from "../support/dashboard-desk.ts";

export interface Surfaces {
  /** What each of them says of the incident now, as text. */
  read(incidentId: string): Promise<Readonly<Record<SurfaceName, string>>>;
  close(): Promise<void>;
}

export type SurfaceName =
  | "page"
  | "list page"
  | "API"
  | "API list"
  | "show"
  | "incidents"
  | "MCP"
  | "MCP list";

/** Surfaces over a store; `variables` let a command line find the same one. */
export async function openSurfaces(
  store: IncidentStore,
  variables: Readonly<Record<string, string>>,
): Promise<Surfaces> {
  const desk = openDesk(LOCAL_POLICY);
  const app = createHttpApp({
    approvals: answersOf(desk),
    brake: brakeOf({ ...desk, store: { ...store, close: () => {} }, now: () => new Date() }),
    records: store,
    book: store,
    slack: undefined,
    tokens: [],
    logger: desk.logger,
    now: () => new Date(),
    handle: async () => ({ incidents: [] }),
    dashboard: {
      store,
      policy: LOCAL_POLICY,
      ceiling: "auto",
      cluster: "production",
      diagnoser: "rules",
      loopback: true,
    },
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const mcp = createMcpServer({
    settings: () => ({ policy: LOCAL_POLICY, ceiling: "auto", cluster: "production" }),
    storeExists: () => true,
    read: (work) => work(store),
    onFault: () => {},
  });
  const [here, there] = InMemoryTransport.createLinkedPair();
  const assistant = new Client({ name: "test", version: "1" });
  await Promise.all([mcp.connect(there), assistant.connect(here)]);

  const get = async (path: string) => (await fetch(`${url}${path}`)).text();
  const command = async (...argv: string[]) => (await runCliHere(argv, variables)).stdout;
  const ask = async (name: string, input: Record<string, unknown>) =>
    JSON.stringify((await assistant.callTool({ name, arguments: input })).structuredContent);

  return {
    read: async (id) => ({
      page: visible(await get(`/incidents/${id}`)),
      "list page": visible(await get("/")),
      API: await get(`/api/incidents/${id}`),
      "API list": await get("/api/incidents"),
      show: await command("show", id),
      incidents: await command("incidents"),
      MCP: await ask("get_incident", { incident_id: id }),
      "MCP list": await ask("list_incidents", {}),
    }),
    close: async () => {
      await assistant.close();
      server.close();
      desk.store.close();
    },
  };
}

/** The words of a page, without what is not shown. */
function visible(html: string): string {
  return html
    .replace(/<(script|style|svg|form)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, " ");
}
