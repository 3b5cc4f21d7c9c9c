/** The service that every trigger of the samples is about, under the names that its recorded world has. */
export const ACCOUNT = "eu-west-1:112233445566";
export const CLUSTER = "prod";
export const SERVICE = "ledger-api";

export const SERVICE_DIMENSIONS = { ClusterName: CLUSTER, ServiceName: SERVICE } as const;

/** An alarm of the service that AWS knows, and one that it does not. */
export const knownAlarm = (metric: string) => `${SERVICE}-${metric}-high`;
export const UNKNOWN_ALARM = "prod-critical-utilisation";
