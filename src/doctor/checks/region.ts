import { type Check, failed, ok } from "../check.ts";
import { NotCheckable } from "../not-checkable.ts";

/** `us-east-1`, `ap-southeast-2`, `us-gov-west-1`, `cn-north-1`, `us-iso-east-1`, `eusc-de-east-1`. */
const FORM = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

export const region: Check = {
  id: "region",
  area: "aws",
  does: "AWS_REGION has the form of a region, and it is the region that the cluster's ARN names.",
  remedy: "Set AWS_REGION to the region that the cluster runs in.",
  async run({ configured, cluster }) {
    const { config } = configured();
    const { region: set, endpoint } = config.aws;
    if (!FORM.test(set)) return failed(`AWS_REGION is "${set}", which is no region`, region.remedy);
    const through = endpoint === undefined ? "" : " through AWS_ENDPOINT_URL";
    const found = await cluster().catch((reason: unknown) => {
      if (reason instanceof NotCheckable) return undefined;
      throw reason;
    });
    const actual = found?.arn.split(":")[3];
    if (actual !== undefined && actual !== set) {
      return failed(`AWS_REGION is ${set}, but the cluster ${found?.name} is in ${actual}`, region.remedy);
    }
    return ok(actual === undefined ? `${set}${through}; no cluster confirms it` : `${set}${through}`);
  },
};
