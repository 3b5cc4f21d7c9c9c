import type { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";

/**
 * Makes a wire operation from a schema and a handler. Input that does not fit the schema is answered with
 * `errorCode` and the path of the first bad member; the handler sees parsed input only.
 */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  errorCode: string,
  handle: (request: z.output<Schema>) => unknown,
): Operation {
  return (input) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new WireError(errorCode, `${issue?.path.join(".") || "request"}: ${issue?.message ?? "invalid"}`);
    }
    return handle(parsed.data);
  };
}
