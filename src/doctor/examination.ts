/** What checks share: the configuration, the ports, and readings that several checks need, made once. */
import type { ActionRecord } from "../domain/action-record.ts";
import type { Pause } from "../domain/brake.ts";
import { OpsAgentError } from "../domain/errors.ts";
import type { Evidence } from "../domain/evidence.ts";
import { type LogPlaces, logPlacesOf } from "../domain/log-places.ts";
import type { ServiceReading } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";
import type {
  ActionLogReader,
  EcsReader,
  LoadBalancerReader,
  MetricReader,
  ScalingReader,
} from "../evidence/ports.ts";
import type { Config } from "../wiring/config.ts";
import { NotCheckable } from "./not-checkable.ts";
import type {
  AccessSimulator,
  AccountReader,
  AlarmInventory,
  AlarmWiring,
  ClusterReading,
  IdentityReading,
  Inventory,
  LogInventory,
  ModelProbe,
  ReadProbes,
  SlackProbe,
  StoreProbe,
  TopicReader,
} from "./ports.ts";

export interface DoctorPorts {
  readonly account: AccountReader;
  readonly access: AccessSimulator;
  readonly inventory: Inventory;
  readonly alarms: AlarmInventory;
  readonly topics: TopicReader;
  readonly logs: LogInventory;
  readonly readProbes: ReadProbes;
  readonly ecs: EcsReader;
  readonly metrics: MetricReader;
  readonly loadBalancers: LoadBalancerReader;
  readonly scaling: ScalingReader;
  readonly actionLogs: ActionLogReader;
  /** The service as an investigation would see it now, without an alarm. What cannot be read is a gap. */
  readonly evidence: (target: Target) => Promise<Evidence>;
  /** Past actions since a time, and the brake at another; ISO 8601. Throws `store-failed`. */
  readonly record: (
    since: string,
    now: string,
  ) => Promise<{ readonly history: readonly ActionRecord[]; readonly pauses: readonly Pause[] }>;
  /** Undefined without a key. */
  readonly model: ModelProbe | undefined;
  readonly slackApp: SlackProbe | undefined;
  readonly store: StoreProbe;
  /** Posts a line to the incident channel; undefined without Slack. */
  readonly post: ((text: string) => Promise<void>) | undefined;
  readonly now: () => Date;
}

/** The configuration as far as it is usable. */
export interface Given {
  readonly nodeVersion: string;
  readonly version: string;
  /** Every problem of the environment, and of the policy file. */
  readonly problems: { readonly environment: readonly string[]; readonly policy: readonly string[] };
  /** Undefined when the environment is unusable; has the default policy when only the policy file is. */
  readonly configured: { readonly config: Config; readonly ports: DoctorPorts } | undefined;
  /** The text of the policy file. */
  readonly policyText: string | undefined;
  /** Only this service, where one was given. */
  readonly service?: string | undefined;
  /** A part of the address that alarms must reach, such as the function's name. */
  readonly agentAddress?: string | undefined;
  /** Returns the newest version of OpsAgent, where somebody said where to ask. Throws when it cannot be had. */
  readonly newestVersion?: (() => Promise<string>) | undefined;
  /** Whether a message may be posted to Slack. */
  readonly post?: boolean | undefined;
}

/** A service that exists, as the checks read it. */
export interface ExaminedService {
  readonly name: string;
  readonly reading: ServiceReading;
  /** Where an investigation would read log lines, and which it could not. */
  readonly logs: LogPlaces;
}

export interface Examination {
  readonly given: Given;
  /** Throws {@link NotCheckable} when the environment is unusable; so do all below when they cannot be read. */
  configured(): { readonly config: Config; readonly ports: DoctorPorts };
  identity(): Promise<IdentityReading>;
  cluster(): Promise<ClusterReading>;
  /** The services to check: the one given, else those that the policy names, else all of the cluster. */
  serviceNames(): Promise<{ readonly names: readonly string[]; readonly why: string }>;
  /** Those of them that exist. */
  services(): Promise<readonly ExaminedService[]>;
  alarms(): Promise<{ readonly alarms: readonly AlarmWiring[]; readonly complete: boolean }>;
}

/** Time limit of one shared reading. */
const READ_MS = 30_000;
/** The most services of a cluster whose policy names none. */
const MOST_SERVICES = 25;

/** Creates the shared readings. Nothing is read before a check asks for it. */
export function createExamination(given: Given): Examination {
  const configured = () => {
    if (given.configured !== undefined) return given.configured;
    throw new NotCheckable("The configuration is not usable; see `configuration`.");
  };
  const options = () => ({ signal: AbortSignal.timeout(READ_MS) });

  const identity = once(() => basis("identity", () => configured().ports.account.identity(options())));
  const cluster = once(async () => {
    const { config, ports } = configured();
    if (config.cluster === undefined) throw new NotCheckable("ECS_CLUSTER is not set; see `cluster`.");
    const name = config.cluster;
    const found = await basis("cluster", () => ports.inventory.cluster(name, options()));
    if (found !== undefined && found.status === "ACTIVE") return found;
    throw new NotCheckable(`There is no active cluster ${name}; see \`cluster\`.`);
  });
  const serviceNames = once(async () => {
    const { config, ports } = configured();
    if (given.service !== undefined) return { names: [given.service], why: "asked for" };
    const { services, alarms, freezes, absentServices } = config.policy;
    const frozen = freezes.flatMap((freeze) => freeze.services ?? []);
    const all = [...Object.keys(services), ...alarms.map(({ service }) => service), ...frozen];
    const named = [...new Set(all)].filter((name) => !absentServices.includes(name));
    if (named.length > 0) return { names: named.sort(), why: "named in the policy" };
    const { name } = await cluster();
    const { names } = await basis("services", () => ports.inventory.services(name, options()));
    return { names: names.slice(0, MOST_SERVICES), why: "in the cluster" };
  });
  const services = once(async () => {
    const { config, ports } = configured();
    const { names } = await serviceNames();
    const { name: clusterName } = await cluster();
    const found = await basis("services", () =>
      Promise.all(
        names.map(async (name): Promise<ExaminedService[]> => {
          const reading = await ports.ecs.service({ cluster: clusterName, service: name }, options());
          if (reading === undefined) return [];
          const definition = await ports.ecs
            .taskDefinition(reading.taskDefinition, options())
            .catch(() => undefined);
          const otherwise = `${config.logGroupPrefix}${name}`;
          return [{ name, reading, logs: logPlacesOf(definition, { cluster: clusterName, otherwise }) }];
        }),
      ),
    );
    if (found.flat().length > 0) return found.flat();
    throw new NotCheckable("No service was found to look at; see `services`.");
  });
  const alarms = once(() => basis("alarm-coverage", () => configured().ports.alarms.alarms(options())));
  return { given, configured, identity, cluster, serviceNames, services, alarms };
}

/** A reading that other checks need: its failure is a finding of its own check only. */
async function basis<T>(check: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof OpsAgentError)) throw thrown;
    throw new NotCheckable(`It builds on \`${check}\`, which failed: ${thrown.message}`);
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
