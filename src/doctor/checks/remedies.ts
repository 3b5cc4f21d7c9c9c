import { asOpsAgentError } from "../../domain/errors.ts";
import { preflight, type RemedyOutlook } from "../../remediation/preflight/preflight.ts";
import { type Check, type Finding, ok, skipped, warning } from "../check.ts";
import type { ExaminedService } from "../examination.ts";

/** Past actions count as far back as in a decision. 7 days. */
const HISTORY_MS = 7 * 24 * 3_600_000;

export const remedies: Check = {
  id: "remedies",
  area: "services",
  does: "What each remedy would come to on each service as it is now: the guardrails of an incident judge the real service with one supposed fault.",
  remedy:
    "Change what the finding names, or leave these faults to people; `opsagent policy explain --service NAME` has all of it.",
  async run(examination, { signal }) {
    const { config, ports } = examination.configured();
    const { name: cluster } = await examination.cluster();
    const now = ports.now();
    const since = new Date(now.getTime() - HISTORY_MS).toISOString();
    const record = await ports.record(since, now.toISOString()).catch(() => undefined);
    const judge = async ({ name }: ExaminedService): Promise<Finding[]> => {
      const target = { cluster, service: name };
      try {
        const evidence = await ports.evidence(target);
        const { policy, mode: ceiling } = config;
        const { history, pauses } = record ?? { history: undefined, pauses: [] };
        const outlook = preflight({ evidence, policy, ceiling, target, history, pauses });
        return outlook.map((one) => finding(name, one));
      } catch (thrown) {
        const { message, remedy } = asOpsAgentError(thrown);
        return [skipped(`The service could not be read: ${message}`, remedy, name)];
      }
    };
    const findings: Finding[] = [];
    // One at a time: each look makes a dozen calls, and account-wide quotas are shared.
    for (const service of await examination.services()) {
      if (signal.aborted) break;
      findings.push(...(await judge(service)));
    }
    return findings;
  },
};

/** Rules that are a choice of whoever wrote the policy, and no limitation. */
const CHOICES: ReadonlySet<string> = new Set([
  ...["mode", "protected-service", "kill-switch", "freeze-window", "brake"],
]);

function finding(service: string, { supposed, action, verdict, rules, change }: RemedyOutlook): Finding {
  const fault = `${supposed.charAt(0).toLowerCase()}${supposed.slice(1)}`;
  const subject = `${action} ${service}: ${fault}`;
  if (verdict === "acts") return ok("acts by itself", subject);
  const seen = `${SEEN[verdict]}: ${rules.map(({ reason }) => reason).join(" ")}`;
  const remedy = change.join(" ") || remedies.remedy;
  if (rules.every(({ rule }) => CHOICES.has(rule))) return ok(seen, subject);
  // The first revision of a service has none before it, and a service without tasks has none that could be sick.
  const nothingThere = verdict === "impossible" || (action === "rollback" && rules.some(isPlan));
  return nothingThere ? skipped(seen, remedy, subject) : warning(seen, remedy, subject);
}

const isPlan = ({ rule }: RemedyOutlook["rules"][number]) => rule === "plan";

const SEEN = { asks: "asks a person", refuses: "does nothing", impossible: "cannot be judged" } as const;
