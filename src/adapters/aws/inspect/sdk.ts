/** The vendor's clients that only `doctor` and `init` use; loaded when one of them runs, never in Lambda. */

export { DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
export { DescribeClustersCommand, ListClustersCommand, ListServicesCommand } from "@aws-sdk/client-ecs";
export { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
export { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
export { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
