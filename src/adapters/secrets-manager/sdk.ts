/** The parts of the vendor's package that are used; a bundler can drop the rest although the import is dynamic. */
export { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
