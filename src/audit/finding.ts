/** Something in the store that does not agree with the audit trail, or a seal that does not fit it. */
export interface Finding {
  readonly about: "seal" | "record" | "approval" | "action" | "judgement" | "brake" | "policy";
  /** Which one, such as an incident's id. */
  readonly id: string;
  /** What is wrong, without a full stop. */
  readonly problem: string;
}
