/** The parts of the vendor's package that are used; a bundler can drop the rest although the import is dynamic. */
export { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
