/** Changes that CloudTrail recorded: of the service itself, and of resources that it may depend on. */
import type { ChangeArea } from "../../domain/evidence.ts";
import type { ChangeReading, TaskDefinitionReading } from "../../domain/reading.ts";
import type { Window } from "../ports.ts";
import type { EvidenceContext, FactDraft } from "../source.ts";
import { secondsBefore, span } from "../times.ts";
import { shortDefinition } from "./definition-name.ts";

/** Event names as the services' CloudTrail pages list them; other events are ignored. */
const AREAS: readonly (readonly [ChangeArea, RegExp])[] = [
  [
    "deployment",
    /^(CreateService|UpdateService|DeleteService|StopServiceDeployment|RegisterTaskDefinition|DeregisterTaskDefinition|UpdateServicePrimaryTaskSet|UpdateCluster|PutClusterCapacityProviders)$/,
  ],
  [
    "scaling",
    /^(RegisterScalableTarget|DeregisterScalableTarget|PutScalingPolicy|DeleteScalingPolicy|PutScheduledAction)$/,
  ],
  [
    "permission",
    /^(Put|Delete|Attach|Detach)(Role|User|Group)Policy$|^(CreatePolicyVersion|SetDefaultPolicyVersion|UpdateAssumeRolePolicy|DeleteRole|DisableKey|ScheduleKeyDeletion|PutKeyPolicy)$/,
  ],
  [
    "network",
    /^(Authorize|Revoke|Modify|Update)SecurityGroup(Ingress|Egress|Rules|RuleDescriptions\w*)$|^(Create|Replace|Delete)(Route|NetworkAclEntry)$|^(DeleteNatGateway|DeleteVpcEndpoints|ModifyVpcEndpoint|ChangeResourceRecordSets)$/,
  ],
  ["secret", /^(PutSecretValue|UpdateSecret|RotateSecret|DeleteSecret|PutParameter|DeleteParameters?)$/],
  [
    "database",
    /^(Modify|Reboot|Stop|Delete|Failover|Restore|Promote)(DB|Db)\w*$|^(Modify|Reboot|Delete)(CacheCluster|ReplicationGroup)\w*$|^(UpdateTable|DeleteTable)$/,
  ],
  [
    "load-balancing",
    /^(Create|Modify|Delete)(TargetGroup|Listener|Rule|LoadBalancer)\w*$|^(SetSecurityGroups|SetSubnets|DeregisterTargets|DeleteCertificate)$/,
  ],
  ["image", /^(PutImage|BatchDeleteImage|DeleteRepository|PutLifecyclePolicy|SetRepositoryPolicy)$/],
];

/** Areas whose changes can affect a service that they do not name. */
const REACHES_OTHERS: ReadonlySet<ChangeArea> = new Set([
  "permission",
  "network",
  "secret",
  "database",
  "image",
]);

const MAX_CHANGES = 15;

/** The window of CloudTrail. The onset is not known yet, so it begins early enough for any onset. */
export function changeLogWindow({ timing, now }: EvidenceContext): Window {
  return { from: now - 2 * timing.metricWindowMinutes * 60_000, to: now };
}

/** The names by which a change is recognised as one of this service: its own, of its task definitions, of its roles. */
export interface ServiceNames {
  readonly service: string;
  readonly family?: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

export function namesOf(
  service: string,
  taskDefinition: string | undefined,
  definition: TaskDefinitionReading | undefined,
  targetGroupArns: readonly string[],
): ServiceNames {
  const family =
    taskDefinition === undefined ? undefined : shortDefinition(taskDefinition).replace(/:\d+$/, "");
  return {
    service,
    roles: [definition?.taskRole, definition?.executionRole].flatMap((role) => role ?? []),
    groups: targetGroupArns.flatMap((arn) => /targetgroup\/([^/]+)/.exec(arn)?.[1] ?? []),
    ...(family === undefined || family === "" ? {} : { family }),
  };
}

/** Returns one fact for each relevant change, those of the service first, the newest first among equals. */
export function changeLogFacts(
  changes: readonly ChangeReading[],
  names: ServiceNames,
  onset: number,
): FactDraft[] {
  return changes
    .flatMap((change) => toFact(change, names, onset) ?? [])
    .sort((one, other) => Number(other.data.aboutService) - Number(one.data.aboutService))
    .slice(0, MAX_CHANGES);
}

function toFact(change: ChangeReading, names: ServiceNames, onset: number) {
  const area = AREAS.find(([, pattern]) => pattern.test(change.event))?.[0];
  const before = secondsBefore(change.at, onset);
  if (area === undefined || before === undefined) return undefined;
  const aboutService = isAbout(change, area, names);
  if (!aboutService && !REACHES_OTHERS.has(area)) return undefined;
  const what = describe(change);
  return {
    kind: "change",
    provenance: "control-plane",
    at: change.at,
    statement: `${change.who} did ${change.service} ${change.event}${what === "" ? "" : ` (${what})`} ${span(before)} ${before >= 0 ? "before" : "after"} the onset${aboutService ? "" : ", elsewhere in the account"}.`,
    data: {
      event: change.event,
      service: change.service,
      area,
      who: change.who,
      resources: change.resources.slice(0, 10),
      parameters: { ...change.parameters },
      aboutService,
      secondsBeforeOnset: before,
    },
  } satisfies FactDraft;
}

/** Compares whole names: another service of the account may contain any of them. */
function isAbout(change: ChangeReading, area: ChangeArea, names: ServiceNames): boolean {
  const own = new Set([
    names.service,
    ...names.roles,
    ...names.groups,
    ...(names.family === undefined ? [] : [names.family]),
  ]);
  const named = [...change.resources, ...Object.values(change.parameters)].flatMap((name) => [
    name.replace(/:\d+$/, ""),
    ...name.split(/[/:]/),
  ]);
  // A deployment names the cluster and the service; two services can share a task definition family.
  const service = change.parameters["service"];
  if (area === "deployment" && service !== undefined) return service.split("/").at(-1) === names.service;
  return named.some((name) => own.has(name));
}

function describe({ parameters, resources }: ChangeReading): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return (given.length > 0 ? given : resources).slice(0, 4).join(", ");
}
