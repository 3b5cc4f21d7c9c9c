import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import type { LogStore } from "./log-store.ts";

const PutLogEventsInput = z.object({
  logGroupName: z.string().min(1),
  logStreamName: z.string().min(1),
  logEvents: z
    .array(z.object({ timestamp: z.number().int().min(0), message: z.string().min(1) }))
    .min(1)
    .max(10_000),
});

/** PutLogEvents into a stream that exists; the events of one call must be in the order of their time. */
export function putLogEvents(store: LogStore): Operation {
  return operation(PutLogEventsInput, "InvalidParameterException", (request) => {
    const { logGroupName, logStreamName, logEvents } = request;
    store.requireStream(logGroupName, logStreamName);
    const isOrdered = logEvents.every(
      ({ timestamp }, index) => timestamp >= (logEvents[index - 1]?.timestamp ?? 0),
    );
    if (!isOrdered) {
      throw new WireError(
        "InvalidParameterException",
        "Log events in a single PutLogEvents request must be in chronological order.",
      );
    }
    store.put(
      logGroupName,
      logStreamName,
      logEvents.map(({ timestamp, message }) => ({ at: timestamp, message })),
    );
    return {};
  });
}
