/** The engine's time: a wall clock that never runs backwards. */

/** How early a timer may count as due: `setTimeout` fires up to a millisecond early, and dates lose fractions. */
export const TIMER_TOLERANCE_MS = 5;

export type EngineClock = {
  /** Milliseconds since the epoch. Moves at least as fast as monotonic time, whatever the wall clock does. */
  now(): number;
  /** The engine's time as the date the SDK's own timers (which read `Date.now`) must aim at. */
  toDate(time: number): Date;
};

/**
 * Reads the wall clock, but carries on at monotonic speed when it jumps backwards, so that a wait of one
 * second stays one second while the machine's time is corrected. A jump forwards is followed: deadlines
 * are wall-clock deadlines.
 */
export function createEngineClock(
  wall: () => number = Date.now,
  elapsed: () => number = () => performance.now(),
): EngineClock {
  let latest = wall();
  let latestElapsed = elapsed();

  function now(): number {
    const currentElapsed = elapsed();
    latest = Math.max(wall(), latest + (currentElapsed - latestElapsed));
    latestElapsed = currentElapsed;
    return Math.floor(latest);
  }

  return { now, toDate: (time) => new Date(Date.now() + (time - now())) };
}
