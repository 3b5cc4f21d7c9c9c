/** The vendor's clients, each loaded on first use, so that a cold start loads only what an incident needs. */

export interface AwsSettings {
  readonly region: string;
  /** Endpoint for every service; without it the vendor's own rules apply (`AWS_ENDPOINT_URL`). */
  readonly endpoint?: string;
  readonly timeouts?: Partial<AwsTimeouts>;
}

/** How long one attempt may take, in milliseconds: to connect, and from then on to answer. */
export interface AwsTimeouts {
  readonly connectMs: number;
  readonly answerMs: number;
}

const defaultTimeouts: AwsTimeouts = { connectMs: 3_000, answerMs: 10_000 };

export type AwsClients = ReturnType<typeof createAwsClients>;

/**
 * Creates the clients. Reads are tried three times with the vendor's standard back-off. `ecsOnce` is for changing
 * calls: one attempt, on a new connection, since a reused one that the server is closing would make a call that never
 * arrived ambiguous.
 */
export function createAwsClients(settings: AwsSettings) {
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  const reading = { ...shared(settings), maxAttempts: 3, requestHandler: handler(timeouts) };
  const changing = {
    ...shared(settings),
    maxAttempts: 1,
    requestHandler: {
      ...handler(timeouts),
      httpAgent: { keepAlive: false },
      httpsAgent: { keepAlive: false },
    },
  };
  return {
    timeouts,
    ecs: once(async () => {
      const sdk = await import("./sdk/ecs.ts");
      return { sdk, client: new sdk.ECSClient(reading) };
    }),
    ecsOnce: once(async () => {
      const sdk = await import("./sdk/ecs.ts");
      return { sdk, client: new sdk.ECSClient(changing) };
    }),
    cloudWatch: once(async () => {
      const sdk = await import("./sdk/cloudwatch.ts");
      return { sdk, client: new sdk.CloudWatchClient(reading) };
    }),
    logs: byRegion(settings.region, async (region) => {
      const sdk = await import("./sdk/logs.ts");
      return { sdk, client: new sdk.CloudWatchLogsClient({ ...reading, region }) };
    }),
    loadBalancing: once(async () => {
      const sdk = await import("./sdk/load-balancing.ts");
      return { sdk, client: new sdk.ElasticLoadBalancingV2Client(reading) };
    }),
    cloudTrail: once(async () => {
      const sdk = await import("./sdk/cloudtrail.ts");
      return { sdk, client: new sdk.CloudTrailClient(reading) };
    }),
    scaling: once(async () => {
      const sdk = await import("./sdk/scaling.ts");
      return { sdk, client: new sdk.ApplicationAutoScalingClient(reading) };
    }),
  };
}

function shared(settings: AwsSettings) {
  return {
    region: settings.region,
    retryMode: "standard",
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
  };
}

/** Without `throwOnRequestTimeout` the vendor only prints a warning on a timeout. */
function handler({ connectMs, answerMs }: AwsTimeouts) {
  return {
    connectionTimeout: connectMs,
    requestTimeout: answerMs,
    socketTimeout: answerMs,
    throwOnRequestTimeout: true,
  };
}

/** Makes one for each region that is asked for: a container may write its lines to another one than it runs in. */
function byRegion<T>(own: string, make: (region: string) => Promise<T>): (region?: string) => Promise<T> {
  const made = new Map<string, () => Promise<T>>();
  return (region = own) => {
    const known = made.get(region) ?? once(() => make(region));
    made.set(region, known);
    return known();
  };
}

/** Makes it when it is first asked for. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      // What failed to load, as with no file descriptor left, is loaded again by the next call.
      made = undefined;
      throw error;
    });
    return made;
  };
}
