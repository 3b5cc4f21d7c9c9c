/** The dispatcher function's handler: alarms from SNS, EventBridge or CloudWatch itself. */
import { createDispatcher, type Dispatched } from "../dispatcher.ts";
import { once, start } from "../start.ts";

const ready = once(async () => createDispatcher(await start()));

/** Throws when something could not be forwarded: Lambda then repeats the event, and finally keeps it. */
export async function handler(event: unknown): Promise<Dispatched> {
  return (await ready())(event);
}
