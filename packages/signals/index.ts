export { compareTasks } from "./compare-tasks.ts";
export { loadCorrelation } from "./load-correlation.ts";
export { fromNearerEnd } from "./noise-scale.ts";
export { sameTimeBefore } from "./same-time-before.ts";
export { summarizeSeries } from "./summarize-series.ts";
