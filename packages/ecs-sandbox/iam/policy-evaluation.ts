/** IAM's decision on one call, as far as identity policies without conditions go. Pure. */
import { z } from "zod";

const Texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** A statement with a condition, `NotAction` or `NotResource` is refused: ignoring one would be a wrong answer. */
const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: Texts,
  Resource: Texts,
});

export const PolicyDocument = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([Statement, z.array(Statement)]).transform((value) => [value].flat()),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;

export type Decision = "allowed" | "explicitDeny" | "implicitDeny";

/**
 * A matching Deny wins, then a matching Allow; without either it is denied.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(
  policies: readonly PolicyDocument[],
  action: string,
  resource: string,
): { readonly decision: Decision; readonly matched: readonly string[] } {
  const matching = policies
    .flatMap(({ Statement: statements }) => statements)
    .filter(
      (statement) =>
        statement.Action.some((pattern) => likes(pattern.toLowerCase(), action.toLowerCase())) &&
        statement.Resource.some((pattern) => likes(pattern, resource)),
    );
  const deny = matching.filter(({ Effect }) => Effect === "Deny");
  const counted = deny.length > 0 ? deny : matching;
  const decision = deny.length > 0 ? "explicitDeny" : matching.length > 0 ? "allowed" : "implicitDeny";
  return { decision, matched: counted.map(({ Sid = "" }) => Sid) };
}

/** IAM's wildcards: `*` for any characters, `?` for one. */
function likes(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
