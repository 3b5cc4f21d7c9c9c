/** What a server on this machine says about the dashboard that it offers. */
import type { IncidentStore } from "../../../domain/ports.ts";
import type { Config } from "../../../wiring/config.ts";
import type { DashboardSettings } from "../../http/dashboard/routes.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Whether only programs on this machine reach the address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

export function dashboardOf(
  store: IncidentStore,
  { policy, mode, cluster, diagnoser }: Pick<Config, "policy" | "mode" | "cluster" | "diagnoser">,
  host: string,
  policyState?: DashboardSettings["policyState"],
): Omit<DashboardSettings, "closing"> {
  return { store, policy, policyState, ceiling: mode, cluster, diagnoser, loopback: isLoopback(host) };
}

/** Where a browser on this machine finds it. */
export function dashboardAddress(host: string, port: number): string {
  const name =
    host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}
