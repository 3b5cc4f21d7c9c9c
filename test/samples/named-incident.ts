import { diagnoseBySigns } from "../../src/diagnosis/diagnose-by-signs.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { at } from "./evidence.ts";
import { approvedRollback } from "./incidents-with-people.ts";

/** What a company calls its things. */
export interface CompanyNames {
  readonly service: string;
  readonly cluster: string;
  readonly container: string;
  readonly image: string;
  readonly family: string;
  readonly alarm: string;
  readonly namespace: string;
  readonly role: string;
  readonly variable: string;
  readonly dependency: string;
  readonly person: string;
  readonly bucket: string;
  readonly targetGroup: string;
  readonly account: string;
  readonly taskId: string;
  readonly host: string;
  readonly email: string;
  readonly address: string;
}

export const ACME: CompanyNames = {
  service: "acme-ledger",
  cluster: "acme-live",
  container: "ledgerd",
  image: "acme/ledger-server",
  family: "acme-ledger-family",
  alarm: "acme ledger: errors above 5",
  namespace: "AcmeLedger/Runtime",
  role: "AcmeLedgerTaskRole",
  variable: "ACME_VAULT_ADDRESS",
  dependency: "acme-quotations",
  person: "jane.roe",
  bucket: "acme-invoices-archive",
  targetGroup: "acme-ledger-tg",
  account: "481516234242",
  taskId: "43542634a7e041f3371f6cbeeac2e6ae",
  host: "db-7.acme-internal.example",
  email: "jane.roe@acme.example",
  address: "10.31.7.90",
};

/** A bad deployment in which every text that can carry a name carries one. */
export function namedIncident(given: Partial<CompanyNames> = {}): Incident {
  const names = { ...ACME, ...given };
  const { service, cluster, container, family, alarm, account, taskId, dependency, host } = names;
  const target = { cluster, service };
  const arn = (rest: string, aws = "ecs") => `arn:aws:${aws}:eu-west-1:${account}:${rest}`;
  const image = `${account}.dkr.ecr.eu-west-1.amazonaws.com/${names.image}`;
  const [from, to] = [`${family}:41`, `${family}:42`];
  const refused = `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}:7f3a9: access denied for ${arn(`role/${names.role}`, "iam")}`;
  const incident: Incident = {
    ...approvedRollback(),
    target,
    summary: `${service} fails since ${to}; ask ${names.person}.`,
    alert: {
      key: "6d5a39c5ce5af71b3007f2f9e3b27546",
      source: "cloudwatch-sns",
      state: "ALARM",
      firedAt: at(-1),
      receivedAt: at(0),
      title: alarm,
      target,
      region: "eu-west-1",
      alarm: {
        name: alarm,
        arn: arn(`alarm:${alarm}`, "cloudwatch"),
        description: `Call ${names.email} when ${service} fails; logs are in s3://${names.bucket}/logs`,
        metric: {
          namespace: "AWS/ApplicationELB",
          name: "HTTPCode_Target_5XX_Count",
          dimensions: { TargetGroup: `targetgroup/${names.targetGroup}/dcb815fd99d434b0` },
          statistic: "Sum",
          periodSeconds: 60,
        },
        threshold: 5,
      },
    },
    evidence: {
      observedAt: at(1),
      onset: at(-120),
      facts: [
        {
          id: "E1",
          provenance: "control-plane",
          kind: "service",
          statement: `Service ACTIVE: 2 of 2 tasks running, 0 pending, task definition ${to}.`,
          data: {
            status: "ACTIVE",
            desired: 2,
            running: 2,
            pending: 0,
            taskDefinition: to,
            controller: "ECS",
          },
        },
        {
          id: "E2",
          provenance: "control-plane",
          kind: "deployment",
          at: at(-160),
          statement: `Deployment of ${to} (PRIMARY, COMPLETED), began 40 s before the onset, 2 tasks failed.`,
          data: {
            id: "ecs-svc/4901856210876458251",
            status: "PRIMARY",
            rolloutState: "COMPLETED",
            rolloutReason: "ECS deployment ecs-svc/4901856210876458251 completed.",
            taskDefinition: to,
            createdAt: at(-160),
            desired: 2,
            running: 2,
            failedTasks: 2,
            inProgress: false,
            secondsBeforeOnset: 40,
            replaced: from,
            forced: false,
            arn: arn(`service-deployment/${cluster}/${service}/4c639c42181256473093d`),
            historyStatus: "SUCCESSFUL",
          },
        },
        {
          id: "E3",
          provenance: "control-plane",
          kind: "task-definition-diff",
          at: at(-160),
          statement: `${to} against ${from} (which last ran steadily), deployed 40 s before the onset: ${container} image: ${image}:1.4.2 -> ${image}:1.5.0; ${container} environment names: none -> ${names.variable}.`,
          data: {
            from,
            to,
            base: "last-steady",
            fromStatus: "ACTIVE",
            secondsBeforeOnset: 40,
            changes: [
              { what: `${container} image`, before: `${image}:1.4.2`, after: `${image}:1.5.0` },
              { what: `${container} environment names`, before: "none", after: names.variable },
              { what: "task role", before: "none", after: names.role },
            ],
          },
        },
        {
          id: "E4",
          provenance: "control-plane",
          kind: "stopped-tasks",
          at: at(-100),
          statement: `1 task stopped (crashed), last at 06:58:20: EssentialContainerExited, "${refused}"; ${container} exit 1.`,
          data: {
            class: "crashed",
            count: 1,
            taskIds: [taskId],
            taskDefinition: to,
            containers: [{ name: container, exitCode: 1, reason: refused }],
            stopCode: "EssentialContainerExited",
            stoppedReason: refused,
            lastAt: at(-100),
            medianLifeSeconds: 30,
          },
        },
        {
          id: "E5",
          provenance: "control-plane",
          kind: "running-task",
          statement: `Task ${taskId.slice(0, 8)} is RUNNING, 28 s old.`,
          data: {
            taskArn: arn(`task/${cluster}/${taskId}`),
            taskId,
            lastStatus: "RUNNING",
            taskDefinition: to,
          },
        },
        {
          id: "E6",
          provenance: "control-plane",
          kind: "service-event",
          statement: `ECS event (06:59:00): (service ${service}) is unhealthy in (target-group ${arn(`targetgroup/${names.targetGroup}/dcb815fd99d434b0`, "elasticloadbalancing")}) due to (reason Health checks failed)`,
          data: {
            class: "unhealthy",
            count: 1,
            message: `(service ${service}) is unhealthy in (target-group ${arn(`targetgroup/${names.targetGroup}/dcb815fd99d434b0`, "elasticloadbalancing")}) due to (reason Health checks failed)`,
          },
        },
        {
          id: "E7",
          provenance: "control-plane",
          kind: "change",
          statement: `${names.person} did s3 PutBucketPolicy (bucketName ${names.bucket}) 40 s before the onset.`,
          data: {
            event: "PutBucketPolicy",
            service: "s3",
            area: "permission",
            who: names.person,
            resources: [`arn:aws:s3:::${names.bucket}`],
            parameters: { bucketName: names.bucket },
            aboutService: false,
            secondsBeforeOnset: 40,
          },
        },
        {
          id: "E8",
          provenance: "log",
          kind: "log-pattern",
          statement: `41 × error (06:58:00 to 06:59:00): connection-refused <host> ${service} unavailable`,
          data: {
            level: "error",
            template: `connection-refused <host> ${service} unavailable`,
            count: 41,
            firstAt: at(-120),
            lastAt: at(-60),
            newSinceOnset: true,
            signal: "connection-refused",
          },
        },
        {
          id: "E9",
          provenance: "custom-metric",
          kind: "metric",
          statement: `${container}_queue (Maximum, alarm) steady at 3, usually 3. It supports no action: any application can write the namespace ${names.namespace}.`,
          data: {
            role: "alarm",
            label: "HTTPCode_Target_5XX_Count",
            unit: "",
            statistic: "Maximum",
            periodSeconds: 60,
            namespace: names.namespace,
            dimensions: { ServiceName: service, ClusterName: cluster, TaskId: taskId },
            explainsOnly: `any application can write the namespace ${names.namespace}`,
            summary: {
              count: 3,
              first: at(-180),
              last: at(-60),
              baseline: 3,
              current: 3,
              min: 3,
              max: 3,
              direction: "none",
              shape: "flat",
              slopePerMinute: 0,
            },
            points: [],
          },
        },
        {
          id: "E10",
          provenance: "metric",
          kind: "alarm",
          statement: `Alarm ${alarm} is ALARM.`,
          data: {
            name: alarm,
            state: "ALARM",
            other: true,
            definition: {
              namespace: names.namespace,
              metric: "HTTPCode_Target_5XX_Count",
              dimensions: { ServiceName: service, ClusterName: cluster },
              threshold: 5,
              comparison: "GreaterThanThreshold",
            },
          },
        },
        {
          id: "E11",
          provenance: "trigger",
          kind: "trigger-difference",
          statement: `The message says dimensions ServiceName=${service}; AWS has Host=${names.host} for alarm ${alarm}.`,
          data: { field: "dimensions", message: `ServiceName=${service}`, aws: `Host=${names.host}` },
        },
      ],
      gaps: [
        {
          source: "change-log",
          code: "aws-denied",
          message: `User: ${arn(`user/${names.person}`, "iam")} is not authorized to perform: cloudtrail:LookupEvents`,
          important: false,
        },
      ],
      lastLines: [`${at(-40)} ${container} ERROR ${host} (${names.address}) refused ${names.email}`],
    },
    joined: [],
    actions: [],
    timeline: [
      { at: at(2), sinceMs: 2000, event: "decided", detail: "ask rollback" },
      { at: at(190), sinceMs: 190_000, event: "decided", detail: "act rollback" },
    ],
  };
  const { evidence } = incident;
  const said = evidence && diagnoseBySigns(evidence);
  return {
    ...incident,
    ...(said === undefined
      ? {}
      : {
          diagnosis: {
            ...said,
            rootCause: `${to} cannot reach ${dependency} at https://${host}:8443/v1, says ${names.person}`,
            nextSteps: [`Ask ${names.email} about ${dependency} on ${host}`],
          },
        }),
  };
}
