import { WireError } from "../../wire/service.ts";

/** The members by which requests name a log group. */
export interface GroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** The group's name from its name or ARN; throws `InvalidParameterException` unless exactly one is given. */
export function groupNameOf({ logGroupName, logGroupIdentifier }: GroupReference): string {
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
    throw new WireError(
      "InvalidParameterException",
      "Exactly one of logGroupName and logGroupIdentifier must be given.",
    );
  }
  return (
    logGroupName ??
    /^arn:aws:logs:[^:]+:\d+:log-group:([^:]+)/.exec(logGroupIdentifier ?? "")?.[1] ??
    logGroupIdentifier ??
    ""
  );
}
