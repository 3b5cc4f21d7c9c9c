/** Config -> a look at one service as an investigation has it, without an alarm. Reads only. */
import { createAwsAdapters } from "../adapters/aws/index.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Target } from "../domain/target.ts";
import { collectEvidence } from "../evidence/collect-evidence.ts";
import type { Config } from "./config.ts";

/** A person waits, so a source gets no longer. Seconds. */
const MOST_SECONDS = 10;

/** Returns the reader. What cannot be read is a gap of the evidence; it never throws for that. */
export function createServiceReader(config: Config): (target: Target) => Promise<Evidence> {
  const { region, endpoint } = config.aws;
  const {
    actuator: _,
    changeLog: __,
    actionLogs: ___,
    ...readers
  } = createAwsAdapters({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return (target) => {
    const at = new Date();
    const { timing } = config.policy;
    return collectEvidence({
      alert: {
        key: "preflight",
        source: "simple-sns",
        state: "ALARM",
        firedAt: at.toISOString(),
        receivedAt: at.toISOString(),
        title: `Look at ${target.service}`,
        target,
      },
      target,
      timing: {
        ...timing,
        sourceTimeoutSeconds: Math.min(timing.sourceTimeoutSeconds, MOST_SECONDS),
      },
      logGroupPrefix: config.logGroupPrefix,
      now: at.getTime(),
      readers,
    });
  };
}
