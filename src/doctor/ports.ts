/** What `doctor` and `init` read beyond the ports of evidence. Nothing here changes anything. */

import type { ModelUsage } from "../domain/diagnosis.ts";
import type { OpsAgentError } from "../domain/errors.ts";
import type { TextFor } from "../domain/exit.ts";
import type { Undelivered } from "../domain/incident/incident.ts";
import type { LogPlace } from "../domain/log-places.ts";
import type { ReadOptions } from "../evidence/ports.ts";

export interface IdentityReading {
  readonly arn: string;
  readonly account: string;
  /** Milliseconds that this machine's clock is ahead of AWS' (negative: behind); undefined without a Date header. */
  readonly clockAheadMs?: number;
}

/** The agent's identity. Throws {@link OpsAgentError}, as all ports here do. */
export interface AccountReader {
  identity(options?: ReadOptions): Promise<IdentityReading>;
}

/** One call that the agent may have to make, as IAM sees it. */
export interface AccessQuestion {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that AWS would know, such as `ecs:cluster`. */
  readonly context: Readonly<Record<string, string>>;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  /** True where a statement denies it; false where none allows it. */
  readonly explicit: boolean;
  /** Condition keys whose values were needed and not known. */
  readonly missingContext: readonly string[];
}

/** Asks IAM whether it would allow a call, without making it. */
export interface AccessSimulator {
  simulate(principalArn: string, question: AccessQuestion, options?: ReadOptions): Promise<AccessAnswer>;
}

export interface ClusterReading {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly services: number;
  readonly containerInsights: boolean;
}

/** The resources of the account. */
export interface Inventory {
  /** Names, in no order. */
  clusters(options?: ReadOptions): Promise<readonly string[]>;
  cluster(name: string, options?: ReadOptions): Promise<ClusterReading | undefined>;
  /** Names of the services of a cluster, sorted; `complete` is false where there are more. */
  services(
    cluster: string,
    options?: ReadOptions,
  ): Promise<{ readonly names: readonly string[]; readonly complete: boolean }>;
}

/** An alarm: what it watches and whom it notifies. */
export interface AlarmWiring {
  readonly name: string;
  readonly actionsEnabled: boolean;
  /** ARNs of its actions when it goes to ALARM. */
  readonly actions: readonly string[];
  readonly metrics: readonly WatchedSeries[];
  /** Of a composite alarm. */
  readonly rule?: string;
}

export interface WatchedSeries {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface AlarmInventory {
  /** Metric and composite alarms; `complete` is false where there are more than are read. */
  alarms(
    options?: ReadOptions,
  ): Promise<{ readonly alarms: readonly AlarmWiring[]; readonly complete: boolean }>;
}

export interface SubscriptionReading {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface TopicReader {
  /** Undefined for a topic that does not exist. */
  subscriptions(topicArn: string, options?: ReadOptions): Promise<readonly SubscriptionReading[] | undefined>;
}

export interface LogInventory {
  /** Undefined for a group that does not exist; `newest` is epoch milliseconds, undefined where the place is empty. */
  newest(
    place: Pick<LogPlace, "group" | "region" | "streamPrefix">,
    since: number,
    options?: ReadOptions,
  ): Promise<{ readonly newest: number | undefined } | undefined>;
}

/** The service that reads are tried on. ARNs are needed where IAM permissions name one service. */
export interface ProbeSubject {
  readonly cluster: string;
  readonly service: string;
  readonly serviceArn: string;
  readonly taskDefinition: string;
  readonly targetGroupArns: readonly string[];
  /** True where tasks run on container instances, in EC2 or outside AWS. */
  readonly onHosts: boolean;
  readonly logs: Pick<LogPlace, "group" | "region">;
  readonly cloudTrail: boolean;
}

/** One read that the agent makes in an investigation. */
export interface ReadProbe {
  /** The action's name in IAM policies. */
  readonly action: string;
  /** Makes the call. Returns AWS's error code when it answered with an error that is no denial. */
  attempt(options?: ReadOptions): Promise<string | undefined>;
}

export interface ReadProbes {
  of(subject: ProbeSubject): readonly ReadProbe[];
}

export interface KeyReading {
  /** Dollars left under the key's own limit; undefined where it has none. */
  readonly leftUsd?: number;
}

/** The model's server, with the production client. */
export interface ModelProbe {
  /** Undefined when the server has no such endpoint. */
  key(options?: ReadOptions): Promise<KeyReading | undefined>;
  /** Asks one model a question with the schema of a diagnosis. Returns its text. */
  ask(
    model: string,
    request: {
      readonly system: TextFor<"model">;
      readonly user: TextFor<"model">;
      readonly maxOutputTokens: number;
    },
  ): Promise<{ readonly text: string; readonly usage: ModelUsage }>;
}

export interface SlackIdentity {
  readonly team: string;
  readonly bot: string;
  /** The token's scopes; undefined when Slack did not send them. */
  readonly scopes?: readonly string[];
}

export interface SlackProbe {
  /** The token's identity. Throws `slack-failed`. */
  identity(): Promise<SlackIdentity>;
  /** Undefined when the token may not read it. */
  isMember(channel: string): Promise<boolean | undefined>;
}

/** The store, opened for one probe. */
export interface StoreProbe {
  /** Writes a record under a condition, reads it back, and reads the incidents. Throws `store-failed`. */
  writeAndReadBack(now: Date): Promise<{
    readonly milliseconds: number;
    /** Why the audit trail cannot be sealed. Of a store without a seal the key is made when it is first needed. */
    readonly unsealable?: OpsAgentError | undefined;
  }>;
  /** What waits to be told, of the newest incidents, newest first. */
  undelivered(): Promise<readonly (Undelivered & { readonly incidentId: string })[]>;
}
