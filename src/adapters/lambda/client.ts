/** Lambda's own API, loaded on first use. */

export type LambdaApi = ReturnType<typeof createLambdaApi>;

/** Milliseconds of one attempt: to connect, and from then on to answer. */
const TIMEOUTS = { connectMs: 3_000, answerMs: 10_000 } as const;

/**
 * The client and its commands, as a function that loads them once. A load that failed is tried again. The address
 * follows the vendor's own rules (`AWS_ENDPOINT_URL_LAMBDA`, `AWS_ENDPOINT_URL`).
 */
export function createLambdaApi(region: string) {
  let loaded: ReturnType<typeof load> | undefined;
  return () => {
    loaded ??= load(region).catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

async function load(region: string) {
  const sdk = await import("./sdk.ts");
  const client = new sdk.LambdaClient({
    region,
    retryMode: "standard",
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: TIMEOUTS.connectMs,
      requestTimeout: TIMEOUTS.answerMs,
      socketTimeout: TIMEOUTS.answerMs,
      throwOnRequestTimeout: true,
    },
  });
  return { sdk, client };
}
