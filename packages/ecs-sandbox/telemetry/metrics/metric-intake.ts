import type { MetricConditions, VanishingMetric } from "../conditions.ts";
import { createDelayLine } from "../shared/delay-line.ts";
import type { MetricSample, MetricSink } from "../types.ts";

/** The way of the world's measurements into CloudWatch: they keep their time, and may arrive late or never. */
export interface MetricIntake extends MetricSink {
  setConditions(conditions: MetricConditions): void;
  /** Stores what is due; to be called often. */
  release(): void;
}

/** Creates an intake before a sink. `now` answers epoch milliseconds. */
export function createMetricIntake(sink: MetricSink, now: () => number): MetricIntake {
  let vanishing: readonly VanishingMetric[] = [];
  const line = createDelayLine<readonly MetricSample[]>(now, (samples) => sink.put(samples));
  return {
    put(samples) {
      const arriving =
        vanishing.length === 0
          ? samples
          : samples.filter((sample) => !vanishing.some((one) => isMeant(one, sample)));
      if (arriving.length > 0) line.put(arriving);
    },
    setConditions({ delaySeconds, vanish }) {
      vanishing = vanish;
      line.setDelay(delaySeconds * 1000);
    },
    release: () => line.release(),
  };
}

function isMeant({ namespace, name, dimensions }: VanishingMetric, sample: MetricSample): boolean {
  return (
    namespace === sample.namespace &&
    (name === undefined || name === sample.name) &&
    Object.entries(dimensions).every(([key, value]) => sample.dimensions[key] === value)
  );
}
