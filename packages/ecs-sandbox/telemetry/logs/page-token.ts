import { z } from "zod";
import { WireError } from "../../wire/service.ts";

/** Where the next page of log events begins and in which direction it goes. */
export const PageToken = z.object({
  direction: z.enum(["forward", "backward"]),
  cursor: z.object({ at: z.number(), sequence: z.number() }),
});
export type PageToken = z.infer<typeof PageToken>;

/** The token as clients carry it. */
export function encodePageToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** Reads a token of {@link encodePageToken}; throws `InvalidParameterException` for any other text. */
export function decodePageToken(text: string): PageToken {
  try {
    return PageToken.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    throw new WireError("InvalidParameterException", "The specified nextToken is invalid.");
  }
}
