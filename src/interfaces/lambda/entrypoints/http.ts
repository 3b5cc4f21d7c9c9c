/** The HTTP function's handler: a Lambda function URL (payload format 2.0). */
import { createHttpFunction } from "../http.ts";
import { once, start } from "../start.ts";

const ready = once(async () => createHttpFunction(await start()));

/** Answers every request. A function that is not configured throws, and Lambda answers 502. */
export async function handler(...request: Parameters<HttpFunction>) {
  return (await ready())(...request);
}

type HttpFunction = ReturnType<typeof createHttpFunction>;
