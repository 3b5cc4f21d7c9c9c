/** `shop:12` from a task definition ARN. */
export function shortDefinition(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}
