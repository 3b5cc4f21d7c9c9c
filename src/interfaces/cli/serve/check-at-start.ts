/** The short examination when the agent starts: told in the log, and never in the way. */
import { createExamination } from "../../../doctor/examination.ts";
import { CHECKS } from "../../../doctor/registry.ts";
import { runChecks } from "../../../doctor/run-checks.ts";
import type { Logger } from "../../../domain/ports.ts";
import { VERSION } from "../../../version.ts";
import { composeDoctor } from "../../../wiring/compose-doctor.ts";
import type { Config } from "../../../wiring/config.ts";

const EACH_MS = 15_000;

/** Looks at policy, identity, clock and store, and logs what is not well. Never throws; the signal ends it early. */
export async function checkAtStart(config: Config, logger: Logger, signal: AbortSignal): Promise<void> {
  const examination = createExamination({
    nodeVersion: process.version,
    version: VERSION,
    problems: { environment: [], policy: [] },
    configured: { config, ports: composeDoctor(config) },
    policyText: undefined,
  });
  const checks = CHECKS.filter(({ atStart }) => atStart);
  const { results, counts } = await runChecks(checks, examination, { timeoutMs: EACH_MS, signal });
  if (signal.aborted) return;
  for (const { id, status, seen, remedy } of results) {
    if (status === "warning" || status === "failed")
      logger.warn("start-check", { check: id, status, seen, remedy });
  }
  logger.info("start-checked", { ...counts, more: "opsagent doctor checks everything" });
}
