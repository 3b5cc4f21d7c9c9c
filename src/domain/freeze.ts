/** Freezes of the policy: times in which nothing is acted on, once or every week. Pure. */
import { z } from "zod";
import {
  isTimeZone,
  nextWindow,
  parseWeekTime,
  type WeeklyWindow,
  windowAt,
} from "../../packages/weekly-windows/index.ts";
import { ServiceName } from "./target.ts";

const DateTime = z.iso.datetime({ offset: true });
const EITHER =
  "must be a date and time with an offset, such as 2026-12-24T00:00:00Z, or a weekday and time, such as Fri 16:00";

/** What {@link problemsOf} refuses in any case, as the published schema can say it, too: deploying knows no more. */
const SHAPE =
  /^(?:\d{4}-\d{2}-\d{2}T\S+(?:Z|[+-]\d{2}:\d{2})|\s*(?:[Ss]un|[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at)[a-z]*\s+\d{1,2}:\d{2}\s*)$/;
const time = z.string().regex(SHAPE, { error: EITHER });

/** One freeze, from a date to a date, or from a weekday to a weekday in a time zone. */
export const Freeze = z
  .strictObject({
    from: time.describe(
      "`2026-12-24T00:00:00Z`, with an offset; or, for every week, a weekday and time: `Fri 16:00`",
    ),
    to: time.describe("exclusive; written as `from` is"),
    timeZone: z
      .string()
      .optional()
      .describe("needed with weekdays, whose clock counts: `Europe/Berlin`, `UTC`"),
    services: z.array(ServiceName).optional().describe("those it is for; without the list, all of them"),
    reason: z.string().optional().describe("shown in the report"),
  })
  .superRefine((freeze, context) => {
    for (const { path, message } of problemsOf(freeze)) {
      context.addIssue({ code: "custom", path: [path], message });
    }
  });
export type Freeze = z.infer<typeof Freeze>;

type Problem = { readonly path: keyof Freeze; readonly message: string };

function problemsOf({ from, to, timeZone }: Freeze): Problem[] {
  // Those have been told already.
  if (!SHAPE.test(from) || !SHAPE.test(to)) return [];
  if (parseWeekTime(from) !== undefined) return weeklyProblems(from, to, timeZone);
  if (!DateTime.safeParse(from).success) return [{ path: "from", message: EITHER }];
  if (!DateTime.safeParse(to).success) {
    const message = "must be a date and time with an offset, as `from` is, such as 2026-12-27T00:00:00Z";
    return [{ path: "to", message }];
  }
  if (timeZone !== undefined) {
    return [{ path: "timeZone", message: "belongs to weekdays only: a date has its offset" }];
  }
  return Date.parse(from) < Date.parse(to) ? [] : [{ path: "to", message: "must be after `from`" }];
}

function weeklyProblems(from: string, to: string, timeZone: string | undefined): Problem[] {
  const [begins, ends] = [parseWeekTime(from), parseWeekTime(to)];
  const problems: Problem[] = [];
  if (ends === undefined) {
    problems.push({ path: "to", message: "must be a weekday and time, as `from` is, such as Mon 08:00" });
  } else if (JSON.stringify(begins) === JSON.stringify(ends)) {
    problems.push({ path: "to", message: "must be another time of the week than `from`" });
  }
  if (timeZone === undefined) {
    const message = "is needed with weekdays: add a name such as Europe/Berlin or UTC";
    problems.push({ path: "timeZone", message });
  } else if (!isTimeZone(timeZone)) {
    const message = `"${timeZone.slice(0, 80)}" is no time zone: write a name such as Europe/Berlin or UTC`;
    problems.push({ path: "timeZone", message });
  }
  return problems;
}

/** A freeze at a time: one that is going on, or the next one. */
export interface FrozenTime {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
  /** `every week from Fri 16:00 to Mon 08:00 (Europe/Berlin)`, for a weekly one. */
  readonly weekly?: string;
}

/** Returns the freeze that holds the service at a time, epoch milliseconds. Throws for times that cannot be read. */
export function freezeAt(freezes: readonly Freeze[], service: string, time: number): FrozenTime | undefined {
  for (const freeze of freezes) {
    if (!isFor(freeze, service)) continue;
    const weekly = weeklyOf(freeze);
    if (weekly === undefined) {
      const [from, to] = [Date.parse(freeze.from), Date.parse(freeze.to)];
      if (Number.isNaN(from) || Number.isNaN(to)) throw new Error("the times of a freeze are not readable");
      if (from <= time && time < to) return once(freeze);
      continue;
    }
    const found = windowAt(weekly, time);
    if (found !== undefined) return eachWeek(freeze, weekly, found);
  }
  return undefined;
}

/** Returns the next freeze of the service, or of any, that begins after a time, epoch milliseconds. */
export function nextFreeze(
  freezes: readonly Freeze[],
  service: string | undefined,
  time: number,
): FrozenTime | undefined {
  const coming = freezes.flatMap((freeze): FrozenTime[] => {
    if (service !== undefined && !isFor(freeze, service)) return [];
    const weekly = weeklyOf(freeze);
    if (weekly !== undefined) return [eachWeek(freeze, weekly, nextWindow(weekly, time))];
    return Date.parse(freeze.from) > time ? [once(freeze)] : [];
  });
  return coming.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from))[0];
}

/** Returns a freeze's times in words: "from 2026-12-24T00:00:00Z to 2026-12-27T00:00:00Z: holidays". */
export function frozenText({ from, to, reason, weekly }: FrozenTime): string {
  const often = weekly === undefined ? "" : `, ${weekly}`;
  return `from ${from} to ${to}${often}${reason === undefined ? "" : `: ${reason}`}`;
}

/** Whether a freeze is over for good at a time, epoch milliseconds. */
export function isOver(freeze: Freeze, time: number): boolean {
  return weeklyOf(freeze) === undefined && Date.parse(freeze.to) <= time;
}

function isFor({ services }: Freeze, service: string): boolean {
  return services === undefined || services.includes(service);
}

function weeklyOf({ from, to, timeZone }: Freeze): WeeklyWindow | undefined {
  return timeZone === undefined ? undefined : { from, to, timeZone };
}

function once({ from, to, reason }: Freeze): FrozenTime {
  return { from, to, ...(reason === undefined ? {} : { reason }) };
}

function eachWeek(
  { reason }: Freeze,
  { from, to, timeZone }: WeeklyWindow,
  found: { readonly from: number; readonly to: number },
): FrozenTime {
  return {
    from: new Date(found.from).toISOString(),
    to: new Date(found.to).toISOString(),
    weekly: `every week from ${from} to ${to} (${timeZone})`,
    ...(reason === undefined ? {} : { reason }),
  };
}
