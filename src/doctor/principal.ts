/**
 * Returns the principal whose policies IAM can simulate, from the caller's ARN of STS: a user as it is, the role of a
 * session. Undefined for the root user and federated users.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function principalOf(callerArn: string): string | undefined {
  const [, partition, account, role] =
    /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
  if (role !== undefined) return `arn:${partition}:iam::${account}:role/${role}`;
  return /^arn:[\w-]+:iam::\d{12}:user\//.test(callerArn) ? callerArn : undefined;
}
