import { createDelayLine } from "../shared/delay-line.ts";
import type { LogSink } from "../types.ts";

/** The way of log lines into CloudWatch Logs: they keep their time and may be ingested late. */
export interface LogIntake extends LogSink {
  setDelay(seconds: number): void;
  /** Stores what is due; to be called often. */
  release(): void;
}

/** Creates an intake before a sink. `now` answers epoch milliseconds. */
export function createLogIntake(sink: LogSink, now: () => number): LogIntake {
  const line = createDelayLine<Parameters<LogSink["put"]>>(now, (lines) => sink.put(...lines));
  return {
    createGroup: (group) => sink.createGroup(group),
    put: (...lines) => line.put(lines),
    setDelay: (seconds) => line.setDelay(seconds * 1000),
    release: () => line.release(),
  };
}
