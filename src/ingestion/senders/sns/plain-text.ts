/** Messages of a topic that are sentences and no JSON: whose they are, and what their sender has to change. */
import { noted, type Reading, unreadable } from "../../sender.ts";

interface Form {
  readonly words: RegExp;
  /** What to change; absent for what needs nobody and is noted. */
  readonly change?: string;
  /** Whose it is, where its first line does not say it. */
  readonly of?: string;
}

/** The longest note. Characters. */
const LONGEST = 500;

const FORMS: readonly Form[] = [
  { words: /^An AWS Backup job / },
  // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
  { words: /^AWS Budget Notification / },
  // Elastic Beanstalk
  { words: /^Timestamp: .*\nMessage: .*\n+Environment: .*\nApplication: /, of: "AWS Elastic Beanstalk" },
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-stack.html (NotificationARNs)
  { words: /^StackId='[^']*'\n(?:[A-Za-z]+='[^']*'\n?)+/ },
  {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html
    words: /^You are receiving this email because your Amazon CloudWatch Alarm /,
    change:
      "the text of an e-mail about a CloudWatch alarm: subscribe OpsAgent to the topic by Lambda, SQS or HTTPS, which get the alarm as JSON",
  },
  {
    // https://grafana.com/docs/grafana/latest/alerting/configure-notifications/template-notifications/
    words: /^\*\*(?:Firing|Resolved)\*\*|^Source: https?:\/\/\S+\/alerting\//m,
    change:
      "Grafana's plain text: send by a webhook contact point, or give the SNS contact point a message template that writes JSON (docs/reference/events.md shows the form)",
  },
  {
    words: /^\[(?:FIRING|RESOLVED)(?::\d+)?\]/,
    change:
      "Alertmanager's plain text: set the receiver's message template to JSON (docs/reference/events.md shows the form)",
  },
  {
    // https://docs.datadoghq.com/integrations/amazon_sns/
    words: /^\[(?:Triggered|Recovered|Warn|No data|Re-Triggered)\b/i,
    change:
      'Datadog\'s plain text: let the monitor\'s message be the simple form, {"service", "metric", "value", "threshold"}, as JSON',
  },
];

const UNKNOWN =
  "plain text, not JSON: let its sender write JSON, a CloudWatch alarm or the simple form (docs/reference/events.md shows both)";

/** Returns whether a message looks like JSON that is broken: then the place of the mistake helps more. */
function isMeantAsJson(message: string): boolean {
  return /^\s*$|^\s*(?:["{]|\[\s*(?:["{[\]\d-]|true|false|null))/.test(message);
}

/** Returns the reading of text that is no JSON; undefined where it is JSON with a mistake. */
export function readPlainText(message: string, at: string): Reading | undefined {
  const form = FORMS.find(({ words }) => words.test(message));
  if (form === undefined) return isMeantAsJson(message) ? undefined : unreadable(at, UNKNOWN);
  return form.change === undefined ? noted(at, firstLine(message, form.of)) : unreadable(at, form.change);
}

function firstLine(message: string, of: string | undefined): string {
  const lines = message.split("\n");
  const told = of === undefined ? (lines[0] ?? "") : `${of}: ${lines[1] ?? ""}`;
  return told.slice(0, LONGEST);
}
