import { type AwsClients, type AwsSettings, createAwsClients, once } from "../clients.ts";

/** The production clients, and those of services that only an inspection calls. */
export type InspectionClients = AwsClients & ReturnType<typeof furtherClients>;

export function createInspectionClients(settings: AwsSettings): InspectionClients {
  return { ...createAwsClients(settings), ...furtherClients(settings) };
}

/** Two tries each, since a person waits. */
function furtherClients({ region, endpoint }: AwsSettings) {
  const options = {
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const sdk = once(() => import("./sdk.ts"));
  return {
    inspection: sdk,
    sts: once(async () => new (await sdk()).STSClient(options)),
    iam: once(async () => new (await sdk()).IAMClient(options)),
    sns: once(async () => new (await sdk()).SNSClient(options)),
  };
}
