/** The parts of the vendor's package that are used; a bundler can drop the rest although the import is dynamic. */
export {
  CloudWatchLogsClient,
  DescribeDeliveriesCommand,
  DescribeDeliverySourcesCommand,
  FilterLogEventsCommand,
  GetDeliveryDestinationCommand,
} from "@aws-sdk/client-cloudwatch-logs";
