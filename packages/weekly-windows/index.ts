/** Windows that come every week in a time zone. Times are epoch milliseconds; see README.md for changes of the clocks. */
import { Cron } from "croner";

export interface WeeklyWindow {
  /** A weekday and a time of day, such as `Fri 16:00`. */
  readonly from: string;
  /** Exclusive; another one than `from`. */
  readonly to: string;
  /** A name of the IANA database, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

export interface Interval {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface WeekTime {
  /** 0 is Sunday. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const WEEK_TIME = /^([a-z]+)\s+(\d{1,2}):(\d{2})$/i;
const HOUR_MS = 3_600_000;

/** Reads a weekday, whole or by its first three letters, and a time of day from 0:00 to 23:59; undefined for anything else. */
export function parseWeekTime(text: string): WeekTime | undefined {
  const [, name = "", hours, minutes] = WEEK_TIME.exec(text.trim()) ?? [];
  const written = name.toLowerCase();
  const day = DAYS.findIndex((one) => one === written || one.slice(0, 3) === written);
  const [hour, minute] = [Number(hours), Number(minutes)];
  return day >= 0 && hour < 24 && minute < 60 ? { day, hour, minute } : undefined;
}

/** Whether it is the name of a time zone; an offset such as `+01:00` is none, since it knows no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Returns the window that the time is in. Throws for a window that does not parse. */
export function windowAt(window: WeeklyWindow, time: number): Interval | undefined {
  // What comes before a whole second later is at this time or before it.
  const later = new Date(Math.floor(time / 1000) * 1000 + 1000);
  const begun = scheduleOf(window.from, window.timeZone).previousRuns(1, later)[0]?.getTime();
  if (begun === undefined) return undefined;
  const found = from(window, begun);
  return time < found.to ? found : undefined;
}

/** Returns the next window that begins after the time. Throws for a window that does not parse. */
export function nextWindow(window: WeeklyWindow, time: number): Interval {
  const begins = scheduleOf(window.from, window.timeZone).nextRun(new Date(time))?.getTime();
  if (begins === undefined) throw new Error(`no window begins at ${window.from}`);
  return from(window, begins);
}

function from({ to, timeZone }: WeeklyWindow, begins: number): Interval {
  const ends = scheduleOf(to, timeZone).nextRun(new Date(begins))?.getTime();
  if (ends === undefined) throw new Error(`no window ends at ${to}`);
  return { from: begins, to: readsTwice(ends, timeZone) ? ends + HOUR_MS : ends };
}

function scheduleOf(text: string, timezone: string): Cron {
  const time = parseWeekTime(text);
  if (time === undefined) throw new Error(`"${text}" is not a weekday and a time`);
  return new Cron(`${time.minute} ${time.hour} * * ${time.day}`, { timezone, paused: true });
}

/** Whether clocks there show the same time again an hour later. */
function readsTwice(time: number, timeZone: string): boolean {
  const clock = new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", minute: "2-digit" });
  return clock.format(time) === clock.format(time + HOUR_MS);
}
