/** What the world (ECS, load balancer) writes and what CloudWatch and Logs read. */

/** One measured value. `at` is epoch milliseconds; dimensions as CloudWatch names them. */
export interface MetricSample {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit?: "Percent" | "Count" | "Seconds" | "Megabytes" | "None";
  readonly at: number;
}

/** Where the world puts its measurements. */
export interface MetricSink {
  put(samples: readonly MetricSample[]): void;
}

/** Where a task's stdout and stderr lines go. `at` is epoch milliseconds. */
export interface LogSink {
  createGroup(group: string): void;
  put(
    group: string,
    stream: string,
    lines: readonly { readonly at: number; readonly message: string }[],
  ): void;
}
