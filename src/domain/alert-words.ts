/** The free words of an alert, redacted once for everything that keeps it. */
import type { Alert } from "./alert.ts";
import { fieldsFor, textFor, type ValueFor } from "./exit.ts";

/**
 * Redacts the free words of an alert: title, target problem, reported metric, the alarm's description and reason. Names,
 * dimensions and ids stay exact, since alarms and metrics are found by them.
 */
export function alertToStore(alert: Alert): ValueFor<"store", Alert> {
  const { alarm, reported } = alert;
  const clean = {
    ...alert,
    ...(alarm === undefined ? {} : { alarm: fieldsFor("store", alarm, ["description", "reason"]) }),
    ...(reported === undefined
      ? {}
      : { reported: { ...reported, metric: textFor("store", reported.metric) } }),
  };
  return fieldsFor("store", clean, ["title", "targetProblem"]);
}
