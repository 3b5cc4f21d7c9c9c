import { OpsAgentError } from "../../domain/errors.ts";
import { ACTIONS, type Acting } from "../../policy/modes-wanted.ts";
import { modeInForce } from "../../remediation/guardrails/mode.ts";
import { type Check, type Finding, failed, ok, skipped, warning } from "../check.ts";
import type { Examination, ExaminedService } from "../examination.ts";
import { NotCheckable } from "../not-checkable.ts";
import type { AccessQuestion } from "../ports.ts";
import { principalOf } from "../principal.ts";

/** The AWS calls of each action, undo included. */
const CALLS: Readonly<Record<Acting, readonly string[]>> = {
  restart: ["ecs:StopTask", "ecs:UpdateService"],
  scale: ["ecs:UpdateService"],
  rollback: ["ecs:UpdateService", "ecs:StopServiceDeployment"],
};

export const writePermissions: Check = {
  id: "write-permissions",
  area: "permissions",
  does: "IAM's policy simulator allows each write that the policy's modes may lead to, on each service. No write is ever tried.",
  remedy: "Allow the action on the service to the agent's role, or set the mode to observe.",
  permissions: ["iam:SimulatePrincipalPolicy", "iam:GetRole"],
  async run(examination, options) {
    const { config, ports } = examination.configured();
    const wanted = (await examination.services()).flatMap((service) => writesOf(examination, service));
    if (wanted.length === 0) {
      return skipped(`No write is needed: every mode in force is observe (ceiling ${config.mode}).`);
    }
    const { arn } = await examination.identity();
    const principal = principalOf(arn);
    if (principal === undefined) {
      throw new NotCheckable(`Not checkable: IAM cannot simulate ${arn}.`, "Run doctor as the agent's role.");
    }
    return Promise.all(
      wanted.map(async ({ subject, question }): Promise<Finding> => {
        try {
          const answer = await ports.access.simulate(principal, question, options);
          return judge(subject, question, answer);
        } catch (thrown) {
          return notSimulated(subject, thrown);
        }
      }),
    );
  },
};

interface Write {
  readonly subject: string;
  readonly question: AccessQuestion;
}

function writesOf({ configured }: Examination, { name, reading }: ExaminedService): Write[] {
  const { policy, mode } = configured().config;
  if (policy.services[name]?.protected) return [];
  const acting = ACTIONS.filter((action) => modeInForce(policy, mode, name, action) !== "observe");
  return [...new Set(acting.flatMap((action) => CALLS[action]))].map((action) => ({
    subject: `${action} ${name}`,
    question: {
      action,
      resource: resourceOf(action, reading.arn),
      context: { "ecs:cluster": clusterArn(reading.arn), "ecs:service": reading.arn },
    },
  }));
}

/** An example ARN of a task or deployment, since the simulator needs whole ARNs. */
function resourceOf(action: string, serviceArn: string): string {
  const [prefix, cluster, service] = partsOf(serviceArn);
  if (action === "ecs:StopTask") return `${prefix}:task/${cluster}/${"0".repeat(32)}`;
  if (action === "ecs:StopServiceDeployment")
    return `${prefix}:service-deployment/${cluster}/${service}/${"0".repeat(21)}`;
  return serviceArn;
}

function clusterArn(serviceArn: string): string {
  const [prefix, cluster] = partsOf(serviceArn);
  return `${prefix}:cluster/${cluster}`;
}

/** `arn:aws:ecs:REGION:ACCOUNT`, cluster and service of a service's ARN. */
function partsOf(serviceArn: string): readonly [string, string, string] {
  const at = serviceArn.indexOf(":service/");
  const [, cluster = "", service = ""] = serviceArn.slice(at + 1).split("/");
  return [serviceArn.slice(0, at), cluster, service];
}

function judge(
  subject: string,
  { action, resource }: AccessQuestion,
  answer: {
    readonly allowed: boolean;
    readonly explicit: boolean;
    readonly missingContext: readonly string[];
  },
): Finding {
  if (answer.allowed) return ok("allowed, by IAM's simulator", subject);
  if (answer.missingContext.length > 0 && !answer.explicit) {
    const keys = answer.missingContext.join(", ");
    return warning(
      `Not checkable: the policy asks for ${keys}, which only a real call has.`,
      `Check by hand that the condition on ${keys} holds for ${action}.`,
      subject,
    );
  }
  return failed(
    answer.explicit ? "a policy statement denies it" : "no policy statement allows it",
    `Allow ${action} on ${resource} to the agent's role${answer.explicit ? " and take the Deny away" : ""}, or set the mode to observe.`,
    subject,
  );
}

function notSimulated(subject: string, thrown: unknown): Finding {
  if (!(thrown instanceof OpsAgentError)) throw thrown;
  const denied = thrown.code === "aws-denied";
  return skipped(
    denied
      ? "Not checkable: the role may not ask the simulator (iam:SimulatePrincipalPolicy)."
      : `Not checkable: ${thrown.message}`,
    denied ? "Allow iam:SimulatePrincipalPolicy on the role itself, or check by hand." : thrown.remedy,
    subject,
  );
}
