import type { ApprovalChannel, CallbackClient } from "../approval/ports.ts";
import type { ModelClient } from "../diagnosis/ports.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import type { EventListener, IncidentStore, Logger, PolicySource, Telemetry } from "../domain/ports.ts";
import type { Readers } from "../evidence/collect-evidence.ts";
import type { AlarmReader, EcsReader } from "../evidence/ports.ts";
import type { Fallback, Notifier, Pager, Subscriber } from "../notification/ports.ts";
import type { ServiceActuator } from "../remediation/ports.ts";

/** Everything the workflow is given; wired in wiring/compose.ts. */
export interface WorkflowDependencies {
  readonly readers: Readers;
  readonly actuator: ServiceActuator;
  /** Who diagnoses. With `model`, the rules are the second opinion. */
  readonly diagnoser: "rules" | "model";
  /** A client for one incident, since its budget is the incident's. Undefined when no key is configured; with diagnoser `model` that is a reported failure. */
  readonly model?: (() => ModelClient) | undefined;
  readonly notifiers: readonly Notifier[];
  /** Who is told while an incident goes on, and of its end. */
  readonly subscribers?: readonly Subscriber[] | undefined;
  /** Who wakes people when an incident is left to them. */
  readonly pager?: Pager | undefined;
  /** Goes on with messages that no workflow stands behind; without it each channel is tried once. */
  readonly tellLater?: ((incident: Pick<Incident, "id" | "alert">) => Promise<void>) | undefined;
  /** Who tells people in place of a channel that is away, in this order. */
  readonly fallbacks?: readonly Fallback[] | undefined;
  /** Where questions to people are put; they can be answered on the command line without any. */
  readonly approvalChannels: readonly ApprovalChannel[];
  /** Wakes an incident whose question is withdrawn; without it, it learns of that at the question's deadline. */
  readonly callbackClient?: CallbackClient | undefined;
  readonly store: IncidentStore;
  /** Who works: the same for all processes that share one durable engine's database. Read when it is needed. */
  readonly engine: () => string;
  /** Told of an incident that people were told of, in the process that told them. */
  readonly reported?: ((incident: Incident) => void) | undefined;
  /** As the process was started with: for times, waits and what is read. What may be done is asked of `policySource`. */
  readonly policy: Policy;
  /** What may be done now. Only asked inside durable steps. */
  readonly policySource: PolicySource;
  /** OPSAGENT_MODE: a ceiling over the policy's modes. */
  readonly ceiling: Mode;
  readonly logGroupPrefix: string;
  readonly now: () => Date;
  /** A clock of this process that never runs back, whatever the machine's does; decisions hold at its time, too. */
  readonly steadyNow?: (() => Date) | undefined;
  readonly logger: Logger;
  /** Hears of each event in the process in which it happens; never used for decisions. */
  readonly listener?: EventListener | undefined;
  readonly telemetry?: Telemetry | undefined;
}

/** What taking events in needs, and no more: nothing of it changes a service, and of AWS it reads alarms and stopped tasks only. */
export type IngestionDependencies = Pick<
  WorkflowDependencies,
  | "store"
  | "policy"
  | "notifiers"
  | "subscribers"
  | "pager"
  | "fallbacks"
  | "tellLater"
  | "diagnoser"
  | "now"
  | "logger"
  | "listener"
  | "telemetry"
> & {
  readonly readers?:
    | {
        readonly alarms: Pick<AlarmReader, "alarm" | "contributors">;
        readonly ecs?: Pick<EcsReader, "tasks">;
      }
    | undefined;
};
