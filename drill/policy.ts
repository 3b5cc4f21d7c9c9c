/** The policy of a drill: the product's own defaults, with times that fit five-second metrics. */
export const DRILL_POLICY = `# Written by \`opsagent drill\`. Guardrails are the defaults; only the times are shorter.
version: 1
timing:
  metricPeriodSeconds: 5
  metricWindowMinutes: 10
  pollSeconds: 1
  replacementTimeoutSeconds: 30
  verifyIntervalSeconds: 1
  verifyTimeoutSeconds: 60
  holdChecks: 3
  giveBackMinutes: 0.2
approvals:
  httpClients: ["@local"] # the drill's dashboard, which only this machine reaches
alarms:
  - pattern: "shop-*"
    service: shop
  - pattern: "inventory-*"
    service: inventory
`;
