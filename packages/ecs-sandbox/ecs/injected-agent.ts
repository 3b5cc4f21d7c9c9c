import type { ContainerDefinition } from "./model.ts";

/** The image of the agent that GuardDuty's runtime monitoring adds to Fargate tasks, from AWS's own registry. */
export const guardDutyImage =
  "593207742271.dkr.ecr.us-east-1.amazonaws.com/aws-guardduty-agent-fargate:v1.5.0-Fg_x86_64";

/**
 * The container that GuardDuty adds: it is in no task definition and not essential.
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/how-runtime-monitoring-works-ecs-fargate.html
 */
export function guardDutyAgent(): ContainerDefinition {
  return {
    name: "aws-guardduty-agent-AbCdEf",
    image: guardDutyImage,
    cpu: 0,
    essential: false,
    command: [],
    environment: {},
    secrets: [],
    portMappings: [],
    stopTimeoutSeconds: 2,
    log: { driver: "other" },
    isLogRouter: false,
    dependsOn: [],
  };
}
