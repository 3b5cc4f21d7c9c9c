/** The parts of the vendor's package that are used; a bundler can drop the rest although the import is dynamic. */
export {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
