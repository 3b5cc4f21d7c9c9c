/** Metrics that a demo service writes as lines in CloudWatch's embedded metric format. */

/** A metric that climbs or falls linearly and then stays. */
export interface MetricToWrite {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/** Prints the metric once a second, for as long as the process runs. */
export function writeMetric({ namespace, metric, dimensions, from, to, seconds }: MetricToWrite): void {
  const started = Date.now();
  setInterval(() => {
    const share = Math.min(1, (Date.now() - started) / 1000 / seconds);
    printMetric(namespace, metric, from + (to - from) * share, dimensions);
  }, 1000);
}

/** Prints one value: the whole line is the document, as the format wants it. */
export function printMetric(
  namespace: string,
  name: string,
  value: number,
  dimensions: Readonly<Record<string, string>>,
): void {
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name }] },
      ],
    },
    ...dimensions,
    [name]: value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
