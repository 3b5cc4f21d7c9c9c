/**
 * The policy of a drill: it acts, with the product's limits and times for five-second metrics. `approver` may answer over HTTP;
 * by default that is the drill's dashboard, which only this machine reaches.
 */
export const drillPolicy = (
  approver = "@local",
) => `# Written by \`opsagent drill\`. The modes let it act; limits are the defaults, and the times are shorter.
version: 1
modes:
  restart: auto
  scale: auto
  rollback: approve
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
