/** Runs an event through `opsagent handle` beside an AWS that describes alarms and nothing else; no alarm where the input has none. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsError, json } from "../../test/support/aws-stub-answers.ts";
import { type AwsStub, startAwsStub } from "../../test/support/aws-stub-server.ts";
import { runCliProcess } from "../../test/support/cli-process.ts";
import { eventOf } from "./run-events.ts";
import { has, hasNot } from "./run-service.ts";
import type { EventInput } from "./types.ts";

type Described = NonNullable<EventInput["described"]>;

/** The incident of the input's only event, as `handle` prints it. Throws when it prints none. */
export async function runHandle(input: EventInput): Promise<Incident> {
  const [event] = input.events;
  if (event === undefined) throw new Error(`${input.name} has no event.`);
  const stub = await startAwsStub();
  const cwd = await mkdtemp(join(tmpdir(), "kinds-"));
  try {
    describe(stub, input.described ?? []);
    const { stdout, stderr } = await runCliProcess(["handle", "--event", "-", "--quiet", "--json"], {
      cwd,
      stdin: JSON.stringify(eventOf(event)),
      variables: {
        AWS_ENDPOINT_URL: stub.endpoint,
        AWS_REGION: "us-east-1",
        ECS_CLUSTER: input.cluster ?? "production",
        OPSAGENT_STORE: "sqlite:kinds.db",
      },
    });
    if (!stdout.trimStart().startsWith("{"))
      throw new Error(`handle printed no incident: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Incident;
  } finally {
    await stub.close();
    await rm(cwd, { recursive: true, force: true });
  }
}

/** What the checks read of an incident. */
export interface Incident {
  readonly status: string;
  readonly summary?: string;
  readonly alert: {
    readonly title: string;
    readonly target?: { readonly cluster: string; readonly service: string };
    readonly targetProblem?: string;
  };
}

function describe(stub: AwsStub, alarms: Described): void {
  if (alarms.length === 0) stub.on("DescribeAlarms", awsError("AccessDeniedException"));
  else
    stub.on("DescribeAlarms", ({ AlarmNames: names, AlarmTypes: types = ["MetricAlarm"] }) => {
      const asked = alarms.filter(({ AlarmName }) => !Array.isArray(names) || names.includes(AlarmName));
      const wanted = types as readonly string[];
      return json({
        MetricAlarms: wanted.includes("MetricAlarm") ? asked.filter((one) => !("AlarmRule" in one)) : [],
        CompositeAlarms: wanted.includes("CompositeAlarm") ? asked.filter((one) => "AlarmRule" in one) : [],
      });
    });
  stub.on("DescribeServices", () => json({ services: [], failures: [{ reason: "MISSING" }] }));
  for (const operation of ["ListTasks", "GetMetricData", "DescribeAlarmHistory", "LookupEvents"]) {
    stub.on(operation, awsError("AccessDeniedException"));
  }
}

/** What is wrong with the incident's target, or with what a person is told where it has none. */
export function wrongsOfIncident(
  incident: Incident,
  { alerts = [], saysNot }: EventInput["expect"],
): string[] {
  const [due] = alerts;
  const { target } = incident.alert;
  const found = target && `${target.cluster}/${target.service}`;
  return [
    ...(found === due?.target ? [] : [`target ${found ?? "none"}, right is ${due?.target ?? "none"}`]),
    ...has("problem", toldOf(incident), due?.problem === undefined ? [] : [due.problem]),
    ...hasNot("told", toldOf(incident), saysNot),
  ];
}

/** Everything but the sender's own words, which name the children whatever the product makes of them. */
function toldOf({ alert: { title, target, targetProblem }, ...rest }: Incident): string {
  return JSON.stringify({ ...rest, target, targetProblem })
    .replaceAll(title, "")
    .replaceAll(/arn:[^;"]*transitioned to ALARM[^;"]*/g, "");
}

/** The incident in one line. */
export function lineOfIncident({ status, alert }: Incident): string {
  const { target, targetProblem } = alert;
  return `${status} ${target ? `${target.cluster}/${target.service}` : `(${targetProblem})`}: ${alert.title}`;
}
