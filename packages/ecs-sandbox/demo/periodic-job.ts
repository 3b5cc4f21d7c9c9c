/** A job that a demo service runs now and then, and counts in a metric of its own. */
import { printMetric } from "./embedded-metric.ts";
import { log } from "./log.ts";

let timer: NodeJS.Timeout | undefined;

/** Runs the settlement of orders every `JOB_EVERY_SECONDS`; without it there is none. */
export function startJob(service: string): void {
  const everySeconds = Number(process.env["JOB_EVERY_SECONDS"] ?? "0");
  if (everySeconds === 0) return;
  let runs = 0;
  timer = setInterval(() => {
    runs += 1;
    if (runs % 10 === 1) log("INFO", "settlement", `settlement run ${runs} done, 14 orders settled`);
    printMetric("Shop/Jobs", "SettlementRuns", 1, { Service: service });
  }, everySeconds * 1000);
}

/** Does not run it any more. */
export function endJob(): void {
  clearInterval(timer);
  log("INFO", "settlement", "settlement schedule reloaded, 0 entries");
}
