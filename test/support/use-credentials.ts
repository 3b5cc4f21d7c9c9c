import { afterAll, beforeAll } from "vitest";

const NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/** Gives the vendor's client, which looks in the process's environment only, credentials that a stub accepts. */
export function useCredentials(): void {
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  beforeAll(() => {
    for (const name of NAMES) process.env[name] = "stub";
  });
  afterAll(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
