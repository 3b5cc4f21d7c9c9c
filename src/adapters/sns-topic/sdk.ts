/** The parts of the vendor's package that are used; a bundler can drop the rest although the import is dynamic. */
export { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
