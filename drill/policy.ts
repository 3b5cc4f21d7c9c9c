/**
 * The policy of a drill: the product's defaults, with times for five-second metrics. `approver` may answer over HTTP;
 * by default that is the drill's dashboard, which only this machine reaches.
 */
export const drillPolicy = (
  approver = "@local",
) => `# Written by \`opsagent drill\`. Guardrails are the defaults; only the times are shorter.
version: 1
timing:
  metricPeriodSeconds: 5
  metricWindowMinutes: 10
  pollSeconds: 1
  replacementTimeoutSeconds: 30
  verifyIntervalSeconds: 1
  verifyTimeoutSeconds: 60
  holdChecks: 3
  settleSeconds: 10
  giveBackMinutes: 0.2
approvals:
  httpClients: ["${approver}"]
alarms:
  - pattern: "shop-*"
    service: shop
  - pattern: "inventory-*"
    service: inventory
`;

export const DRILL_POLICY = drillPolicy();
