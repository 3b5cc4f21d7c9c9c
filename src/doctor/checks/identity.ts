import { type Check, ok, warning } from "../check.ts";

export const identity: Check = {
  id: "identity",
  area: "aws",
  does: "AWS takes the credentials (STS GetCallerIdentity, which needs no permission), and says whose they are.",
  remedy:
    "Give the process credentials: a role on Lambda, ECS or EC2; elsewhere AWS_PROFILE or the AWS_ACCESS_KEY_ID pair.",
  atStart: true,
  async run({ configured }, options) {
    const { arn, account } = await configured().ports.account.identity(options);
    const seen = `${arn} in account ${account}`;
    return /:root$/.test(arn)
      ? warning(
          `${seen}: the account's root user, which may do everything`,
          "Use a role of its own with the permissions of docs/configuration.md and nothing else.",
        )
      : ok(seen);
  },
};
