/** The dead man's switch: a scheduled message through the alarm topic, whose absence raises an alarm. */

/**
 * Removes `{"opsagent":"self-test"}` from an event: the event itself, or the message of an SNS record. `rest` is what
 * is left to read, undefined when there is nothing.
 */
export function withoutSelfTests(event: unknown): { readonly rest: unknown; readonly selfTests: number } {
  if (isSelfTest(event)) return { rest: undefined, selfTests: 1 };
  const records = isObject(event) ? event["Records"] : undefined;
  if (!Array.isArray(records)) return { rest: event, selfTests: 0 };
  const others = records.filter((record) => !isSelfTest(messageOf(record)));
  const selfTests = records.length - others.length;
  if (selfTests === 0) return { rest: event, selfTests };
  return { rest: others.length === 0 ? undefined : { ...(event as object), Records: others }, selfTests };
}

function isSelfTest(value: unknown): boolean {
  return isObject(value) && value["opsagent"] === "self-test";
}

function messageOf(record: unknown): unknown {
  const sns = isObject(record) ? record["Sns"] : undefined;
  const message = isObject(sns) ? sns["Message"] : undefined;
  if (typeof message !== "string") return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
