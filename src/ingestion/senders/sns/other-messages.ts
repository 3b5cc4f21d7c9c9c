/** Messages on a topic that are no alarm: those of other AWS services, and texts that nobody can read as an alarm. */

/** A message of another AWS service, in the words by which it is noted. */
interface Other {
  readonly service: string;
  readonly is: (message: Readonly<Record<string, unknown>>) => boolean;
  /** Fields that say what it is about. */
  readonly about: readonly string[];
}

const has =
  (...fields: readonly string[]) =>
  (message: Readonly<Record<string, unknown>>) =>
    fields.every((field) => field in message);

const OTHERS: readonly Other[] = [
  {
    service: "Amazon RDS",
    is: has("Event Source", "Event Message"),
    about: ["Source ID", "Event Message"],
  },
  {
    service: "Amazon SES",
    is: (message) => "mail" in message && ("notificationType" in message || "eventType" in message),
    about: ["notificationType", "eventType"],
  },
  {
    service: "AWS Auto Scaling",
    is: has("AutoScalingGroupName", "Event"),
    about: ["Event", "AutoScalingGroupName"],
  },
  {
    service: "AWS",
    is: ({ Service, Event }) =>
      typeof Service === "string" && /^(?:AWS|Amazon) /.test(Service) && typeof Event === "string",
    about: ["Service", "Event"],
  },
];

/** Returns a line on a message of another AWS service; undefined for any other message. */
export function otherMessage(message: Readonly<Record<string, unknown>>): string | undefined {
  const other = OTHERS.find(({ is }) => is(message));
  if (other === undefined) return undefined;
  const about = other.about.flatMap((field) =>
    typeof message[field] === "string" ? [String(message[field])] : [],
  );
  return oneLine([`Message of ${other.service}`, ...about].join(": "));
}

/** Sentences that AWS services publish. */
const SENTENCES = /^(?:An AWS Backup job |AWS Budget Notification\b)/;

/** Returns a line on a text of another AWS service; undefined for any other text. */
export function otherText(text: string): string | undefined {
  return SENTENCES.test(text) ? oneLine(text) : undefined;
}

const TEXTS: readonly (readonly [RegExp, string])[] = [
  [
    /^\[(?:FIRING|RESOLVED)(?::\d+)?\]/,
    "Alertmanager's plain text: set the receiver's message template to JSON (docs/reference/events.md shows the form)",
  ],
  [
    /^\*\*(?:Firing|Resolved)\*\*/,
    "Grafana's plain text: use a webhook contact point, or a message template in the webhook's JSON form (docs/reference/events.md)",
  ],
  [
    /^You are receiving this email because your Amazon CloudWatch Alarm/,
    "the e-mail text of a CloudWatch alarm: subscribe to the alarm's topic by Lambda, SQS or HTTPS, which get its JSON",
  ],
];

/**
 * Says what a text is that is no JSON, and what to send instead; undefined for what begins as JSON does and is broken,
 * whose own error says where.
 */
export function textProblem(text: string): string | undefined {
  const known = TEXTS.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  const hasWords = /^\s*[\w*#[]/.test(text) && /[\s:]/.test(text.trim());
  return hasWords && !isLikeJson(text)
    ? "plain text, not JSON: have the sender publish one of the forms of docs/reference/events.md"
    : undefined;
}

function isLikeJson(text: string): boolean {
  return /^\s*(?:[{"<]|\[\s*[{["\d\]]|-?\d|true\b|false\b|null\b)/.test(text);
}

/** At most 500 characters, in one line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 500);
}
