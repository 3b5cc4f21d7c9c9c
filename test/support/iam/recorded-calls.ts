import { z } from "zod";

/** One call of the sandbox's ledger, as far as permission to make it depends on it. */
const RecordedCall = z.object({
  service: z.string(),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
});
export type RecordedCall = z.infer<typeof RecordedCall>;

export const RecordedCalls = z.array(RecordedCall);

/** test/fixtures/aws-calls.json; test/infra/record-aws-calls.ts writes it. */
export const CallFixture = z.object({ faults: z.array(z.string()).min(1), calls: RecordedCalls.min(1) });
