import type { Incident } from "../../domain/incident/incident.ts";

export interface LinkSettings {
  readonly region: string;
  readonly logGroupPrefix: string;
  /** Where people reach the dashboard, if they can. */
  readonly publicUrl?: string | undefined;
}

export interface IncidentLink {
  /** Only OpsAgent's own words. */
  readonly label: string;
  /** An https address (or the configured one) in which every name is percent-encoded. */
  readonly url: string;
}

/** Longer ones come of names that nobody has. */
const LONGEST = 1_500;

/**
 * Where a person looks next: the incident's own page, and the service, the alarm and the log group in AWS's console. Pure.
 * Names come from alarms, so that they are encoded: none of them can lead anywhere else.
 */
export function incidentLinks(incident: Incident, settings: LinkSettings): IncidentLink[] {
  const { region, logGroupPrefix, publicUrl } = settings;
  const target = incident.target ?? incident.alert.target;
  const alarm = incident.alert.alarm;
  const home = `https://${encode(region)}.${consoleHost(region)}`;
  const here = `region=${encode(region)}`;
  const links: IncidentLink[] = [];
  const page = publicUrl === undefined ? undefined : URL.parse(publicUrl);
  if (page) {
    const base = page.href.replace(/[?#].*$/, "").replace(/\/$/, "");
    links.push({ label: "Report", url: `${base}/incidents/${encode(incident.id)}` });
  }
  if (target) {
    const service = `clusters/${encode(target.cluster)}/services/${encode(target.service)}`;
    links.push({ label: "ECS service", url: `${home}/ecs/v2/${service}/health?${here}` });
  }
  // Only CloudWatch's alarms have an ARN.
  if (alarm?.arn !== undefined) {
    const url = `${home}/cloudwatch/home?${here}#alarmsV2:alarm/${encode(alarm.name)}`;
    links.push({ label: "CloudWatch alarm", url });
  }
  const known = incident.evidence?.logGroups;
  const [group] = known ?? (target ? [{ name: `${logGroupPrefix}${target.service}`, region }] : []);
  // An application whose lines are not in CloudWatch has no group.
  if (group) {
    const at = encode(group.region ?? region);
    const name = encode(group.name).replaceAll("%", "$25");
    links.push({
      label: "Logs",
      url: `https://${at}.${consoleHost(group.region ?? region)}/cloudwatch/home?region=${at}#logsV2:log-groups/log-group/${name}`,
    });
  }
  return links.filter(({ url }) => url.length <= LONGEST);
}

/** Of the three partitions that have a public console. */
function consoleHost(region: string): string {
  if (region.startsWith("cn-")) return "console.amazonaws.cn";
  return region.startsWith("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
}

/** Also what encodeURIComponent leaves and Slack or Markdown would read as formatting. */
function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /[!'()*~_]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
