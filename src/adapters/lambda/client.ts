/** Lambda's own API, loaded on first use. */

export type LambdaApi = ReturnType<typeof createLambdaApi>;

/** Time limits of one attempt in milliseconds: to connect, then to answer. */
const TIMEOUTS = { connectMs: 3_000, answerMs: 10_000 } as const;

/**
 * Returns a function that loads the client and its commands once; a failed load is tried again. The endpoint follows
 * the vendor's own rules (`AWS_ENDPOINT_URL_LAMBDA`, `AWS_ENDPOINT_URL`).
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
