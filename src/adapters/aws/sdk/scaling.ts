/** The parts of the vendor's package that are used; a bundler can drop the rest although the import is dynamic. */
export {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
} from "@aws-sdk/client-application-auto-scaling";
