export { findOutliers, type Outlier, type TaskValue } from "./find-outliers.ts";
export { type LoadCorrelation, type LoadOptions, loadCorrelation } from "./load-correlation.ts";
export { type SummaryOptions, summarizeSeries } from "./summarize-series.ts";
