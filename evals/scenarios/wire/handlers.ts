import type { Answer } from "../../../test/support/aws-stub-answers.ts";
import type { StubCall, StubInput } from "../../../test/support/aws-stub-server.ts";

/** One answer for every operation, computed from what was asked. */
export type Handlers = Readonly<Record<string, (input: StubInput, call?: StubCall) => Answer>>;
