import type { AwsService } from "../wire/service.ts";
import { arnOf, type World } from "../world.ts";

/** STS with `GetCallerIdentity`: everybody is the sandbox's one role. */
export function createSts(world: World): AwsService {
  return {
    name: "sts",
    protocol: {
      kind: "query",
      apiVersion: "2011-06-15",
      xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    },
    operations: {
      GetCallerIdentity: () => ({
        Arn: arnOf({ ...world, region: "" }, "sts", "assumed-role/opsagent/sandbox"),
        UserId: "AROAEXAMPLEEXAMPLEEXA:sandbox",
        Account: world.accountId,
      }),
    },
  };
}
