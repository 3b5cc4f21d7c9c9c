/** The product's own server in a drill: its dashboard shows the incident live. */
import { dashboardAddress, dashboardOf } from "../src/interfaces/cli/serve/dashboard.ts";
import { startServer } from "../src/interfaces/cli/serve/serve.ts";
import type { DrillAgent } from "./agent.ts";

export interface DrillDashboard {
  readonly address: string;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Serves on loopback, on a free port. */
export async function startDashboard(agent: DrillAgent): Promise<DrillDashboard> {
  const { config, logger } = agent;
  const dashboard = dashboardOf(agent.store, config, HOST);
  const server = await startServer(agent, { host: HOST, port: 0, config, logger, dashboard });
  return { address: dashboardAddress(HOST, server.port), close: () => server.close() };
}
