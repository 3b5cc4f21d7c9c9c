/** Inputs of a kind: what people met, with the right value in words and as what can be checked. */
import type { Action, Cause } from "../../src/domain/cause.ts";
import type { Decision } from "../../src/domain/decision.ts";

interface Common {
  readonly name: string;
  /** The public source: an address, or the page of AWS's documentation. */
  readonly source: string;
  /** The right value, reasoned before the input was run. */
  readonly right: string;
}

/** One file: a kind and its inputs, the public case first. */
export interface Kind {
  readonly kind: string;
  readonly inputs: readonly (EventInput | ServiceInput)[];
}

/** An event through the public door of ingestion. Texts in `expect` are regular expressions. */
export interface EventInput extends Common {
  readonly events: readonly EventForm[];
  /** The configured cluster; `production` without it. */
  readonly cluster?: string;
  readonly alarms?: readonly { readonly pattern: string; readonly service: string }[];
  /** Alarms that AWS describes; none is a refusal. With it the event goes through `opsagent handle`, which may ask. */
  readonly described?: readonly Readonly<Record<string, unknown>>[];
  readonly expect: EventExpectation;
}

/** An event as it is, or the inside of an envelope that is put around it. */
export type EventForm =
  | { readonly raw: unknown }
  /** A message of SNS as Lambda gets it. An object is written as JSON. */
  | { readonly sns: unknown; readonly subject?: string }
  /** Bodies of SQS records as Lambda gets them. An object is written as JSON. */
  | { readonly sqs: readonly unknown[] };

export interface EventExpectation {
  /** Every alert: `cluster/service`, and a problem instead of it where there must be none. */
  readonly alerts?: readonly {
    readonly target?: string;
    readonly problem?: string;
    readonly title?: string;
    /** Anything in the alert. */
    readonly says?: string;
  }[];
  readonly noted?: readonly string[];
  readonly unreadable?: readonly string[];
  readonly distinctKeys?: boolean;
  readonly saysNot?: readonly string[];
}

/** A log stream's lines. `{task}` in the stream spreads them over the running tasks. */
export interface Lines {
  readonly group: string;
  readonly region?: string;
  readonly stream: string;
  readonly count: number;
  /** Minutes before now. */
  readonly from?: number;
  readonly to?: number;
  readonly text: string;
}

export interface Stops {
  readonly times?: number;
  /** Minutes before now, and between two of them. */
  readonly newest?: number;
  readonly every?: number;
  /** Minutes between start and stop; a task that never started has none. */
  readonly lived?: number;
  /** As DescribeTasks has it, above what a usual stop has. */
  readonly task: Readonly<Record<string, unknown>>;
}

export interface TargetGroup {
  readonly arn: string;
  /** Whether a load balancer has it. */
  readonly attached?: boolean;
  readonly health: readonly {
    readonly id: string;
    readonly state: string;
    readonly reason?: string;
    readonly description?: string;
  }[];
}

/**
 * A service in AWS's own shapes, put over one of the stories, through the real adapters. In texts `{ago N}` is N
 * minutes ago, `{task N}` and `{address N}` a running task, `{targetGroup}` and `{deployment}` the story's own.
 */
export interface ServiceInput extends Common {
  readonly story: string;
  /** Over what DescribeServices answers; lists replace lists. */
  readonly service?: Readonly<Record<string, unknown>>;
  readonly definition?: Readonly<Record<string, unknown>>;
  readonly running?: Readonly<Record<string, unknown>>;
  readonly stops?: readonly Stops[];
  /** Running tasks of the service `payments` among those that ListTasks gives, as one without a filter does. */
  readonly strangers?: number;
  /** Minutes before now and the whole message, newest first. */
  readonly events?: readonly (readonly [number, string])[];
  readonly logs?: readonly Lines[];
  readonly targetGroups?: readonly TargetGroup[];
  /** Whole answers by operation, in AWS's JSON. */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly expect: ServiceExpectation;
}

export interface ServiceExpectation {
  readonly causes?: readonly Cause[];
  readonly notCauses?: readonly Cause[];
  readonly actions?: readonly Action[];
  readonly decisions?: readonly Decision["kind"][];
  /** In the root cause or the next steps. */
  readonly says?: readonly string[];
  readonly saysNot?: readonly string[];
  /** In some fact, and in none. */
  readonly facts?: readonly string[];
  readonly factsNot?: readonly string[];
  readonly gaps?: readonly string[];
  /** In the rules that were evaluated, or the reasons of the decision. */
  readonly rules?: readonly string[];
  /** Not in the plan, as JSON. */
  readonly planNot?: readonly string[];
  /** At least one of these. */
  readonly either?: readonly ServiceExpectation[];
}
