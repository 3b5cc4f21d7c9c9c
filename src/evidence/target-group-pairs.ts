/** Target groups that deployments with a traffic shift use one after the other. */
import type { TargetGroupReading } from "../domain/reading.ts";

/** Returns the groups, each with its alternate where it was read, too: the two sides of one service's traffic. */
export function pairsOf(
  groups: readonly TargetGroupReading[],
): readonly (readonly [TargetGroupReading, ...TargetGroupReading[]])[] {
  const arns = new Set(groups.map(({ arn }) => arn));
  const isMain = ({ alternateOf }: TargetGroupReading) => alternateOf === undefined || !arns.has(alternateOf);
  return groups
    .filter(isMain)
    .map((group) => [group, ...groups.filter((one) => !isMain(one) && one.alternateOf === group.arn)]);
}

/** Marks the groups that are alternates of others, as the service has them. */
export function withAlternates(
  groups: readonly TargetGroupReading[],
  alternates: Readonly<Record<string, string>> = {},
): readonly TargetGroupReading[] {
  const mains = new Map(Object.entries(alternates).map(([main, alternate]) => [alternate, main]));
  return groups.map((group) => {
    const alternateOf = mains.get(group.arn);
    return alternateOf === undefined ? group : { ...group, alternateOf };
  });
}
