import { z } from "zod";
import { CAUSES, Cause } from "../../../domain/cause.ts";
import { explainService } from "../../../reporting/overview/explain-service.ts";
import { answer } from "../answer.ts";
import { defineTool } from "../tool.ts";

export const explainPolicyTool = defineTool({
  name: "explain_policy",
  title: "What the policy allows",
  description:
    "What OpsAgent would be allowed to do on a service at a moment, by which rule and setting: modes, freezes, cooldowns, budgets, limits, and the verdict for each cause and action. Explains the policy file that this server was started with; changes nothing.",
  input: z.strictObject({
    service: z.string().min(1).max(255).describe("Name of the ECS service."),
    cluster: z.string().min(1).max(255).optional(),
    cause: Cause.optional().describe("Only this cause; without it all of them."),
    at: z.iso.datetime({ offset: true }).optional().describe("ISO 8601; now, unless given."),
  }),
  output: z.looseObject({
    at: z.string(),
    causes: z.array(z.unknown()),
    never_acts_for: z.array(z.string()),
  }),
  async run({ service, cluster, cause, at }, sources) {
    const { policy, ceiling, cluster: configured } = sources.settings();
    const explanation = await explainService({
      policy,
      ceiling,
      service,
      cluster: cluster ?? configured,
      cause,
      at: (at === undefined ? new Date() : new Date(at)).toISOString(),
      actionsSince: sources.storeExists()
        ? (since) => sources.read((records) => records.actionsSince(since))
        : undefined,
      pauses: sources.storeExists() ? (now) => sources.read((records) => records.pauses(now)) : undefined,
    });
    const { causes, history, service: _unread, ...rest } = explanation;
    const told = causes.filter(
      ({ verdict, rule }) => cause !== undefined || verdict !== "refuses" || rule !== "cause-action-matrix",
    );
    const never = (cause === undefined ? Object.keys(CAUSES) : []).filter(
      (one) => !told.some((cell) => cell.cause === one),
    );
    return answer({
      ...rest,
      causes: told,
      never_acts_for: never,
      besides:
        "This tool does not read the service: the evidence must support the cause, and the state of the service must allow the change. `opsagent policy explain` judges the service as it is now; the decision trail of get_incident has the rules of an incident.",
      untrusted: { history },
    });
  },
});
