import { summarizeSeries } from "../signals/index.ts";
import type { Point } from "../signals/point.ts";
import type { SeriesSummary } from "../signals/series-summary.ts";
import type { LocalisationInput, SeriesKind, ServiceSeries } from "./input.ts";

/** A departure of one series of a service. Times are epoch milliseconds, `resolution` is the series' period. */
export interface Sign {
  readonly metric: string;
  readonly kind: SeriesKind;
  readonly onset: number;
  readonly resolution: number;
  readonly direction: "up";
  readonly shape: SeriesSummary["shape"];
  /** Doubtful: counts, but yields to clear signs. */
  readonly sure: "clear" | "doubtful";
  /** How many times its normal level the series reached; infinite from zero. Never compared across metrics. */
  readonly ratio: number;
}

/** What the series of one service say. */
export interface ServiceSigns {
  /** False where no series of its own kinds can be read and votes. */
  readonly measured: boolean;
  /** Signs of a fault by onset: the clear ones, the doubtful ones where there are no others. */
  readonly own: readonly Sign[];
  /** A rise of the arriving requests. */
  readonly load: Sign | undefined;
  /** Why a series has no vote, or less of one. */
  readonly remarks: readonly string[];
}

/**
 * The smallest rise that counts, as a multiple of the normal level: a departure can be certain and too small to hurt
 * anyone. Ratios need no unit.
 */
const LEAST_RATIO: Readonly<Record<SeriesKind, number>> = {
  requests: 1.5,
  errors: 1.5,
  "error-share": 1.5,
  latency: 1.2,
  saturation: 1.1,
  restarts: 1.5,
};
/** A quantile of a period is read from this many requests beyond it; of fewer it is the luck of one request. */
const FEWEST_BEYOND = 5;
/** From this quantile on a latency is a tail. */
const TAIL = 0.9;
/** A departure of fewer points is doubtful. */
const FEWEST_POINTS = 3;
/** Errors that grow by up to this factor more than the requests follow the load. */
const FOLLOWS_LOAD = 1.5;

/** Reads the series of every service; a service is looked up by its name. */
export function readSigns({ services, series, alarm }: LocalisationInput): ReadonlyMap<string, ServiceSigns> {
  const byService = new Map<string, ServiceSeries[]>(services.map((name) => [name, []]));
  for (const one of series) byService.get(one.service)?.push(one);
  const alarmAt = Date.parse(alarm.at);
  return new Map([...byService].map(([name, own]) => [name, signsOf(own, alarmAt)]));
}

function signsOf(series: readonly ServiceSeries[], alarmAt: number): ServiceSigns {
  const requests = series.filter(({ kind }) => kind === "requests");
  const load = requests.flatMap((one) => signOf(one, alarmAt) ?? []).sort(byOnset)[0];
  const remarks = new Set<string>();
  const own: Sign[] = [];
  let measured = false;
  for (const one of series) {
    if (one.kind === "requests" || pointsOf(one).length === 0) continue;
    const sign = signOf(one, alarmAt);
    const vote = sign === undefined ? {} : voteOf(sign, one, requests, load);
    if (vote.remark !== undefined) remarks.add(vote.remark);
    measured ||= sign === undefined || vote.sure !== undefined;
    if (sign !== undefined && vote.sure !== undefined) own.push({ ...sign, sure: vote.sure });
  }
  const clear = own.filter(({ sure }) => sure === "clear");
  const voting = clear.length > 0 ? clear : own;
  return { measured, own: voting.sort(byOnset), load, remarks: [...remarks].sort() };
}

interface Vote {
  /** Absent: it has none. */
  readonly sure?: Sign["sure"];
  readonly remark?: string;
}

function voteOf(
  sign: Sign,
  series: ServiceSeries,
  requests: readonly ServiceSeries[],
  load: Sign | undefined,
): Vote {
  if (sign.kind === "errors" && load && sign.ratio <= FOLLOWS_LOAD * load.ratio)
    return { remark: `${sign.metric} rises no more than the requests do, and does not vote` };
  if (series.quantile === undefined || series.quantile < TAIL) return { sure: sign.sure };
  const counts = requests.map((one) => requestsBeyond(one, series.quantile ?? TAIL, sign));
  const beyond = counts.length === 0 ? undefined : Math.max(...counts);
  if (beyond === undefined)
    return {
      sure: "doubtful",
      remark: `${sign.metric} is a tail latency of an unknown number of requests, and is doubtful`,
    };
  return beyond < FEWEST_BEYOND
    ? { remark: `${sign.metric} is a tail latency of too few requests, and does not vote` }
    : { sure: sign.sure };
}

/** The requests of a usual period beyond the quantile, since the onset of its rise. */
function requestsBeyond(requests: ServiceSeries, quantile: number, { onset, resolution }: Sign): number {
  const points = pointsOf(requests);
  const since = points.filter(({ t }) => t >= onset);
  const usual = summarizeSeries(since.length > 0 ? since : points, { periodSeconds: requests.periodSeconds });
  const perPeriod = usual === undefined ? 0 : Math.max(usual.baseline, usual.current);
  return (perPeriod * resolution * (1 - quantile)) / (requests.periodSeconds * 1000);
}

function signOf(series: ServiceSeries, alarmAt: number): Sign | undefined {
  const { kind, periodSeconds, metric } = series;
  const points = pointsOf(series);
  const summary = summarizeSeries(points, {
    periodSeconds,
    alarmAt,
    ...(kind === "requests" ? {} : { goodDirection: "low" as const }),
  });
  if (summary?.onset === undefined || summary.direction !== "up" || isUsualSawtooth(summary))
    return undefined;
  const onset = Date.parse(summary.onset);
  const reached = summary.shape === "spike" ? summary.max : summary.current;
  const ratio = ratioOf(reached, summary.baseline);
  if (ratio < LEAST_RATIO[kind]) return undefined;
  const count = points.filter(({ t }) => t >= onset).length;
  return {
    metric: metric ?? nameOf(series),
    kind,
    onset,
    resolution: periodSeconds * 1000,
    direction: "up",
    shape: summary.shape,
    sure: count < FEWEST_POINTS || summary.onset === summary.first ? "doubtful" : "clear",
    ratio,
  };
}

function nameOf({ kind, quantile }: ServiceSeries): string {
  return quantile === undefined ? kind : `${kind} p${Number((quantile * 100).toFixed(3))}`;
}

/** Teeth over the whole window on a floor that stays, as a garbage collector makes them. */
function isUsualSawtooth({ teeth, onset, first }: SeriesSummary): boolean {
  return teeth !== undefined && teeth.floorMoves !== true && onset === first;
}

function ratioOf(reached: number, normal: number): number {
  return normal > 0 ? reached / normal : reached > 0 ? Number.POSITIVE_INFINITY : 0;
}

function pointsOf({ start, periodSeconds, values, absentIsZero }: ServiceSeries): Point[] {
  const from = Date.parse(start);
  return values.flatMap((value, index) => {
    const v = value ?? (absentIsZero ? 0 : undefined);
    return v === undefined ? [] : [{ t: from + index * periodSeconds * 1000, v }];
  });
}

function byOnset(a: Sign, b: Sign): number {
  return a.onset - b.onset || (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0);
}
