/** Durations, numbers and times as people read them in a report. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in milliseconds as one or two units: `840 ms`, `4.2 s`, `3 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "an unknown time";
  const size = Math.round(Math.abs(milliseconds));
  const sign = milliseconds < 0 ? "-" : "";
  if (size < SECOND) return `${sign}${size} ms`;
  if (size < MINUTE - 50) return `${sign}${trim((size / SECOND).toFixed(1))} s`;
  if (size < MINUTE) return `${sign}1 min`;
  if (size < HOUR) return sign + twoUnits(size, MINUTE, "min", SECOND, "s");
  if (size < DAY) return sign + twoUnits(size, HOUR, "h", MINUTE, "min");
  return sign + twoUnits(size, DAY, "d", HOUR, "h");
}

function twoUnits(size: number, major: number, majorName: string, minor: number, minorName: string): string {
  const majors = Math.floor(size / major);
  const minors = Math.floor((size % major) / minor);
  return minors === 0 ? `${majors} ${majorName}` : `${majors} ${majorName} ${minors} ${minorName}`;
}

/** Time since the alert arrived, to the millisecond: `+1.042 s`. */
export function formatOffset(milliseconds: number): string {
  const sign = milliseconds < 0 ? "-" : "+";
  return `${sign}${(Math.abs(milliseconds) / SECOND).toFixed(3)} s`;
}

/**
 * A confidence with at least two decimals, and up to four where two would hide the difference to a threshold
 * (0.7501 is above 0.75, `0.75` is not).
 */
export function formatConfidence(confidence: number): string {
  if (!Number.isFinite(confidence)) return "unknown";
  const text = trim(confidence.toFixed(4));
  return /\.\d{2,}$/.test(text) ? text : confidence.toFixed(2);
}

/** How sure, in a word. Bands: below 0.5 low, up to 0.75 moderate, below 0.9 good, else high. */
export function confidenceWord(confidence: number): "low" | "moderate" | "good" | "high" {
  if (confidence >= 0.9) return "high";
  if (confidence > 0.75) return "good";
  return confidence >= 0.5 ? "moderate" : "low";
}

/** A measured value with four significant digits. */
export function formatNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "unknown";
}

const UNITS = new Map([
  ["Percent", " %"],
  ["Seconds", " s"],
  ["Milliseconds", " ms"],
  ["Count", ""],
  ["None", ""],
]);

/** A value with the unit that CloudWatch names, in its usual sign. */
export function formatMeasure(value: number, unit: string): string {
  return `${formatNumber(value)}${UNITS.get(unit) ?? ` ${unit}`}`;
}

/** Dollars with four decimals: a model call often costs less than a cent. */
export function formatDollars(dollars: number): string {
  return `$${dollars.toFixed(4)}`;
}

/** An ISO 8601 time as `2026-11-23 07:01:02 UTC`; what is no time comes back as it is. */
export function formatTime(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** The time of day of an ISO 8601 time in UTC, with milliseconds. */
export function formatClock(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : new Date(time).toISOString().slice(11, 23);
}

/**
 * A moment to the minute, seconds dropped: `07:31 UTC` on the UTC day of `near`, on another day with its date.
 * Never the text itself, since it stands in lines that only OpsAgent writes.
 */
export function formatMinute(iso: string, near: string): string {
  const [time, other] = [Date.parse(iso), Date.parse(near)];
  if (Number.isNaN(time)) return "an unknown time";
  const [day = "", clock = ""] = new Date(time).toISOString().split("T");
  const isSameDay = !Number.isNaN(other) && new Date(other).toISOString().startsWith(`${day}T`);
  return `${isSameDay ? "" : `${day} `}${clock.slice(0, 5)} UTC`;
}

/** Milliseconds from one ISO time to another; undefined where either is missing or no time. */
export function between(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const milliseconds = Date.parse(to) - Date.parse(from);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th`. */
export function formatOrdinal(number: number): string {
  const isTeen = Math.floor((number % 100) / 10) === 1;
  const ending = isTeen ? undefined : ["", "st", "nd", "rd"][number % 10];
  return `${number}${ending || "th"}`;
}

function trim(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
