/** The simple form that any system can publish: `{"service","metric","value","threshold"}`. */
import { z } from "zod";
import { Alert } from "../domain/alert.ts";
import { type Parsed, parseWith } from "./parse.ts";
import { keyOf, resolveTarget, type TriggerContext } from "./target-resolution.ts";

export const SimpleForm = z.object({
  service: z.string().trim().min(1),
  metric: z.string().trim().min(1),
  value: z.number(),
  threshold: z.number(),
});
export type SimpleForm = z.infer<typeof SimpleForm>;

/** The same form published again within this time is the same alert. */
const SAME_ALERT_MS = 5 * 60_000;

/** Reads the simple form; `sentAt` is the envelope's time, which is the same in redeliveries. */
export function readSimpleForm(
  message: unknown,
  context: TriggerContext,
  at: string,
  sentAt: string,
): Parsed<Alert> {
  const parsed = parseWith(SimpleForm, message, at);
  if (!parsed.ok) return parsed;
  const { service, metric, value, threshold } = parsed.value;
  const window = Math.floor(Date.parse(sentAt) / SAME_ALERT_MS);
  return parseWith(
    Alert,
    {
      key: keyOf("simple", service, metric, String(value), String(threshold), String(window)),
      source: "simple-sns",
      state: "ALARM",
      firedAt: sentAt,
      receivedAt: context.receivedAt,
      title: `${metric} of ${service} is ${value} (threshold ${threshold})`,
      ...resolveTarget({ name: service, service }, context),
      reported: { metric, value, threshold },
    },
    at,
  );
}
