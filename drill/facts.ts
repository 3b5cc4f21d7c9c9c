/** Answers of the sandbox's control API, with the fields that a drill uses. */

export interface ScenarioFacts {
  readonly cluster: string;
  readonly service: string;
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly alarmName: string;
  readonly readyAfterSeconds: number;
}

export interface TaskState {
  readonly arn: string;
  readonly id: string;
  readonly status: string;
  readonly target?: string;
  readonly memoryPercent?: number;
  readonly cpuPercent?: number;
}

export interface SandboxState {
  readonly services: readonly {
    readonly name: string;
    readonly desired: number;
    readonly running: number;
    readonly tasks: readonly TaskState[];
  }[];
  readonly alarms: readonly { readonly name: string; readonly state: string }[];
}

/** One injected change of the service. Task definitions are ARNs. */
export interface Injected {
  readonly kind: string;
  readonly deployment?: { readonly arn: string; readonly from: string; readonly to: string };
  /** The desired count that somebody set. */
  readonly count?: number;
}

export interface Truth {
  readonly scenario: string;
  readonly causes: readonly string[];
  readonly actions: readonly string[];
  readonly harmful: readonly string[];
  /** How the incident may end where an action is due; `resolved` unless the fault says otherwise. */
  readonly ends?: readonly string[];
  /** What the report must tell, in any case of letters; alternatives are separated by `|`. */
  readonly report?: readonly string[];
  /** The thing that broke, as the first message should name it; like `report`. */
  readonly names?: readonly string[];
  /** Task ARNs that an action may touch. */
  readonly targets: readonly string[];
  readonly injected: readonly Injected[];
  readonly cure: string;
}

/** How many tasks of a service served from `at` on, by the sandbox's own record. */
export interface ServingSample {
  /** ISO 8601. */
  readonly at: string;
  readonly desired: number;
  readonly healthy: number;
  readonly lost: readonly { readonly task: string; readonly stopCode?: string; readonly reason?: string }[];
}

/** By service name, oldest first. */
export type ServingRecord = Readonly<Record<string, readonly ServingSample[]>>;

export interface LedgerEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly outcome?: { readonly status: number };
  readonly operation: string;
  readonly mutating: boolean;
  readonly input: Readonly<Record<string, unknown>>;
}
