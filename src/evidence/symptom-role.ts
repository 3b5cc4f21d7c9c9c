/** What a trigger says is wrong: it picks which series is looked at first, and nothing else. */
import type { Alert } from "../domain/alert.ts";
import type { MetricRole } from "../domain/evidence.ts";

/** Words of senders and AWS's own names, with the role that they mean. The first that matches counts. */
const WORDS: readonly (readonly [RegExp, MetricRole])[] = [
  [/mem/i, "memory"],
  [/cpu/i, "cpu"],
  [/5xx|error/i, "errors-5xx"],
  [/latency|response.?time|duration/i, "latency-p99"],
  [/unhealthy/i, "unhealthy-hosts"],
  [/running.?task|task.?count/i, "running-tasks"],
  [/request|traffic/i, "requests"],
];

/** Returns the role that the trigger's metric word names; undefined where it names none. */
export function symptomRole({ alarm, reported }: Alert): MetricRole | undefined {
  const word = reported?.metric ?? alarm?.metric?.name ?? alarm?.name;
  return word === undefined ? undefined : WORDS.find(([pattern]) => pattern.test(word))?.[1];
}
