import { afterEach, beforeEach, vi } from "vitest";
import type { AwsTimeouts } from "../../src/adapters/aws/clients.ts";
import { type AwsAdapters, createAwsAdapters } from "../../src/adapters/aws/index.ts";
import { type AwsStub, startAwsStub } from "./aws-stub-server.ts";

/** A fresh stub, which the environment names, and adapters that talk to it, for each test of the file. */
export interface AwsTestBed {
  readonly stub: AwsStub;
  readonly aws: AwsAdapters;
}

/** Call once at the top of a test file; the members are there from the first test on. */
export function useAwsStub(timeouts: Partial<AwsTimeouts> = {}): AwsTestBed {
  let bed: AwsTestBed | undefined;
  const current = () => {
    if (!bed) throw new Error("The stub exists only within a test.");
    return bed;
  };

  beforeEach(async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    const stub = await startAwsStub();
    vi.stubEnv("AWS_ENDPOINT_URL", stub.endpoint);
    bed = { stub, aws: createAwsAdapters({ region: "us-east-1", endpoint: stub.endpoint, timeouts }) };
  });
  afterEach(async () => {
    await bed?.stub.close();
    vi.unstubAllEnvs();
  });

  return {
    get stub() {
      return current().stub;
    },
    get aws() {
      return current().aws;
    },
  };
}

/** What a promise was rejected with; fails when it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("It was expected to reject.");
    },
    (reason: unknown) => reason,
  );
}
