/** The parts of the vendor's package that are used; a bundler can drop the rest although the import is dynamic. */
export {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
