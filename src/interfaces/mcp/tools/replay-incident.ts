import { z } from "zod";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Policy } from "../../../domain/policy.ts";
import { readPolicy } from "../../../policy/policy-file.ts";
import { nothingToJudge } from "../../../reporting/case-file/case-file.ts";
import { historyBefore } from "../../../reporting/case-file/history-before.ts";
import { type ReplayedRound, type ReplayVerdict, replay, replayCaseOf } from "../../../reporting/replay.ts";
import { answer } from "../answer.ts";
import { incidentOf, readStore } from "../sources.ts";
import { defineTool, incidentId } from "../tool.ts";

export const replayIncident = defineTool({
  name: "replay_incident",
  title: "Judge an incident again",
  description:
    "Judges the stored evidence of one incident again, with the rules or the diagnosis as it was, under today's policy or the text of another policy file: which decision would come now, and which rules differ. No model is asked, nothing is acted on, nothing is stored.",
  input: z.strictObject({
    incident_id: incidentId,
    diagnoser: z
      .enum(["rules", "as-stored"])
      .optional()
      .describe("rules: diagnose again. as-stored: only decide again; the usual where a model diagnosed."),
    policy_yaml: z
      .string()
      .min(1)
      .max(60_000)
      .optional()
      .describe("Text of a policy file to decide by instead of the configured one (docs/policy.md)."),
  }),
  output: z.looseObject({
    id: z.string(),
    outcome: z.enum(["same", "different", "failed"]),
    rounds: z.array(z.unknown()),
  }),
  async run(input, sources) {
    const { policy, ceiling } = sources.settings();
    const other = input.policy_yaml === undefined ? undefined : policyIn(input.policy_yaml);
    const { incident, history } = await readStore(sources, async (records) => {
      const found = await incidentOf(records, input.incident_id);
      return { incident: found, history: await historyBefore(found, records) };
    });
    const given = replayCaseOf(incident, history);
    if (given === undefined) throw nothingToJudge(incident.id);
    const diagnoser = input.diagnoser ?? (incident.diagnosis?.by === "model" ? "as-stored" : "rules");
    const done = await replay(given, { diagnoser, policy: other ?? policy, ceiling });
    return answer({
      id: done.id,
      outcome: done.outcome,
      diagnoser,
      policy: other === undefined ? "the configured one" : "policy_yaml",
      mode_ceiling: ceiling,
      rounds: done.rounds.map(roundView),
      nothing_was_done: "This is what would be decided. Nothing was acted on, asked or stored.",
    });
  },
});

/** Throws `policy-invalid` with every problem. */
function policyIn(text: string): Policy {
  const result = readPolicy(text);
  if (result.ok) return result.policy;
  const problems = result.problems.map(
    ({ line, path, message, hint }) =>
      `  - ${line === undefined ? "" : `line ${line}: `}${path === "" ? "" : `${path}: `}${message}${hint === undefined ? "" : ` (${hint})`}`,
  );
  throw new OpsAgentError({
    code: "policy-invalid",
    message: `policy_yaml is not a policy file:\n${problems.join("\n")}`,
    remedy: "Correct it; docs/policy.md has every key.",
  });
}

function roundView({ same, before, now, rules }: ReplayedRound): Record<string, unknown> {
  return {
    same,
    before: verdictView(before),
    now: verdictView(now),
    rules_that_differ: rules.map(({ reason, ...rule }) => ({ ...rule, untrusted: { reason } })),
  };
}

function verdictView({ plan, wouldHave, ...verdict }: ReplayVerdict): Record<string, unknown> {
  return { ...verdict, would_have: wouldHave, ...(plan === undefined ? {} : { untrusted: { plan } }) };
}
