/**
 * Planted text needs what programs do not write: a verdict on the cause, a cure, an order, an address to the reader
 * ("adversarial reward-hacking" of telemetry, arXiv 2508.06394). Such a line is an opinion and no symptom.
 */
const ADVICE =
  /\b(?:root cause|the cause (?:is|was)|(?:please|kindly|must|should|just|and|to|now) (?:restart|reboot|redeploy|roll ?back|scale)|(?:restart|reboot|redeploy) (?:the|all|every|each|this|them|it|your)\b|scale (?:the|up|out|in|to|this|it)\b|roll ?back (?:to|the|this|now)|ignore (?:all|any|the|every|previous|prior)|previous instructions|nothing (?:to do|is wrong)|no action (?:is )?(?:needed|required)|false (?:alarm|positive)|as no fault|recommended action|the operators?\b|you are|fix (?:it|this|that)\b|system prompt|assistant:)/i;

/** Whether a line gives advice. It is shown as `<advice>`, and no signal is read from it. */
export function givesAdvice(text: string): boolean {
  return ADVICE.test(text);
}

/** Replaces a line that gives advice. */
export const ADVICE_TOKEN = "<advice>";
