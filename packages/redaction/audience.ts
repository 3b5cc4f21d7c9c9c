/**
 * Who reads a text. Secrets and personal data are hidden from all. A `person` of the team, and the `store` that such a
 * person reads from, see the addresses of their own network; a `model` and an `export` do not.
 */
export type Audience = "person" | "store" | "model" | "export";

/** Whether the audience knows the system's own addresses. */
export function knowsTheSystem(audience: Audience): boolean {
  return audience === "person" || audience === "store";
}
