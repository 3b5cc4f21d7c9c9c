/** Epoch milliseconds as the epoch seconds (with fraction) that the JSON protocols carry. */
export function toEpochSeconds(milliseconds: number): number {
  return milliseconds / 1000;
}

/** `2026-11-23T07:01:10.123+0000`, as CloudWatch writes instants inside its JSON strings. */
export function toAlarmTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "+0000");
}

/** `23/11/26 07:01:05` in UTC, as CloudWatch writes instants inside state reasons. */
export function toReasonTimestamp(milliseconds: number): string {
  const [date = "", time = ""] = new Date(milliseconds).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

/** `Friday 22 July, 2022 15:57:45 UTC`, as CloudWatch writes instants inside the reasons of composite alarms. */
export function toLongTimestamp(milliseconds: number): string {
  const at = new Date(milliseconds);
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }).format(at);
  const day = String(at.getUTCDate()).padStart(2, "0");
  const date = `${part({ weekday: "long" })} ${day} ${part({ month: "long" })}, ${at.getUTCFullYear()}`;
  return `${date} ${at.toISOString().slice(11, 19)} UTC`;
}

/** A number as Java's `Double.toString` prints it (`60.0`, `72.1`, `1.0E-4`), which is what CloudWatch shows. */
export function toJavaDouble(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e7)) {
    const [mantissa = "", exponent = ""] = value.toExponential().split("e");
    return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `1 datapoint`, `2 datapoints`. */
export function count(quantity: number, noun: string): string {
  return `${quantity} ${noun}${quantity === 1 ? "" : "s"}`;
}

/** `was` or `were`. */
export function was(quantity: number): string {
  return quantity === 1 ? "was" : "were";
}
