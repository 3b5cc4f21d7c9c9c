/** Messages that other AWS services publish to a topic by themselves, without EventBridge: noted, they page nobody. */

/** Returns whose message it is and what it says in one line; undefined where its form is none of theirs. */
export function otherMessage(message: Readonly<Record<string, unknown>>): string | undefined {
  const told = FORMS.map((form) => form(message)).find((what) => what !== undefined);
  return told?.slice(0, 500);
}

type Form = (message: Readonly<Record<string, unknown>>) => string | undefined;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const FORMS: readonly Form[] = [
  // RDS: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
  ({ "Event Source": source, "Source ID": id, "Event Message": words }) =>
    typeof source === "string" && typeof words === "string"
      ? `Amazon RDS (${source} ${text(id)}): ${words}`
      : undefined,
  // SES: https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
  ({ notificationType, eventType, mail }) =>
    typeof mail === "object" && mail !== null && typeof (notificationType ?? eventType) === "string"
      ? `Amazon SES: ${text(notificationType ?? eventType)} of a mail`
      : undefined,
  // Auto Scaling and S3 name themselves:
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
  ({ Service, Event, Description }) =>
    typeof Service === "string" && /^(?:AWS|Amazon) /.test(Service)
      ? `${Service}: ${[text(Event), text(Description)].filter(Boolean).join(", ")}`
      : undefined,
  // AWS Config: https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html
  ({ messageType, configurationItem, configRuleName }) =>
    typeof messageType === "string" && (configurationItem !== undefined || configRuleName !== undefined)
      ? `AWS Config: ${messageType} ${text(configRuleName)}`.trimEnd()
      : undefined,
  // Cost anomalies: https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html
  ({ anomalyId, monitorName, anomalyDetailsLink }) =>
    typeof anomalyId === "string" && (monitorName !== undefined || anomalyDetailsLink !== undefined)
      ? `AWS Cost Anomaly Detection: ${text(monitorName)}`
      : undefined,
  // CodeDeploy: https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications-json-format.html
  ({ eventTriggerName, deploymentId, applicationName, status }) =>
    typeof eventTriggerName === "string" && typeof deploymentId === "string"
      ? `AWS CodeDeploy: deployment ${deploymentId} of ${text(applicationName)} is ${text(status)}`
      : undefined,
  // ElastiCache: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ElastiCacheSNS.html
  (message) => {
    const [first] = Object.keys(message);
    return first?.startsWith("ElastiCache:") ? `${first} ${text(message[first])}` : undefined;
  },
];
