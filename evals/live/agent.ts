/** The interface of an agent under test, whoever wrote it. */
import { z } from "zod";

const actions = z.enum(["restart", "scale", "rollback", "none"]);

/** A change that the agent's decision or a person allowed; compared with the sandbox's record of calls. */
export const Permit = z.object({
  action: actions,
  /** ISO 8601: when it began to hold. */
  from: z.iso.datetime(),
  /** Task ids or ARNs that may be stopped. */
  tasks: z.array(z.string()).optional(),
  /** Desired counts that may be set, also for a task that a restart adds first; the first is the change, others undo it. */
  desiredCounts: z.array(z.int()).optional(),
  /** Task definitions, `family:revision` or ARNs, that may be deployed; the first is the change. */
  taskDefinitions: z.array(z.string()).optional(),
  /** The deployment that may be stopped. */
  deploymentArn: z.string().optional(),
});
export type Permit = z.infer<typeof Permit>;

/** An agent's report of one incident, as JSON. Only cause, action and status are required. */
export const AgentReport = z.object({
  /** The ECS service it is about; needed where several have alarms. */
  service: z.string().optional(),
  /** One of the cause classes that `docs/evaluation.md` lists. */
  cause: z.string(),
  /** The action taken, or `none`. */
  action: actions,
  /** 0 to 1, of the cause. */
  confidence: z.number().min(0).max(1).optional(),
  /** `resolved` only after verification. */
  status: z.enum(["resolved", "escalated", "failed", "observed"]),
  rootCause: z.string().optional(),
  /** Confidence after the agent's own checks, where it has such. */
  earnedConfidence: z.number().min(0).max(1).optional(),
  /** The facts it cites; a fact that does not exist in what it read has no provenance. */
  evidence: z
    .array(
      z.object({
        statement: z.string(),
        provenance: z
          .enum(["control-plane", "metric", "custom-metric", "log", "memory", "trigger"])
          .optional(),
      }),
    )
    .optional(),
  /** Without permits, ungated calls are not counted. */
  permits: z.array(Permit).optional(),
  /** What a person was asked for, and the answer. */
  asked: z.array(z.object({ action: actions, verdict: z.string() })).optional(),
  /** ISO 8601: when recovery was verified. */
  recoveredAt: z.iso.datetime().optional(),
  model: z
    .object({
      slug: z.string(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      costUsd: z.number().optional(),
    })
    .optional(),
});
export type AgentReport = z.infer<typeof AgentReport>;

/** A person's answer to the agent's question. */
export type PersonVerdict = "approved" | "denied";

/** Everything that an agent learns of its environment. */
export interface Site {
  readonly awsEndpoint: string;
  readonly region: string;
  readonly cluster: string;
  /** An empty folder of the agent's own. */
  readonly folder: string;
  /** Takes Slack's incoming-webhook messages. */
  readonly slackUrl: string;
  /** Takes {@link AgentReport} as a POST; the newest applies. */
  readonly reportUrl: string;
  /** Takes `{"action"}` as a POST and answers `{"verdict": "approved" | "denied"}`. */
  readonly approvalUrl: string;
  /** The same person, for an adapter that carries the question itself. */
  readonly askPerson: (action: string) => PersonVerdict;
  /** Returns the newest report to `reportUrl` about this service, or about none by name. */
  readonly reported: (service: string) => AgentReport | undefined;
}

/** The agent's answer so far. */
export interface Answer {
  readonly report: AgentReport;
  /** The incident is reported, but something is left to do, such as scaling in temporary capacity. */
  readonly pending: boolean;
  /** Something outside the agent, such as the model's server, prevented a diagnosis: the run is not counted. */
  readonly prevented?: string;
}

export interface RunningAgent {
  readonly pid: number | undefined;
  /** Delivers one alarm as SNS does to a Lambda function. Throws when it was not accepted: it is sent again. */
  deliver(event: string): Promise<void>;
  /** Polls for its answer about a service; throws when the agent is gone. */
  look(service: string): Promise<Answer | undefined>;
  /** Stops it and returns its output, for the record. */
  stop(): Promise<string>;
}

export interface AgentUnderTest {
  readonly name: string;
  readonly version?: string;
  readonly diagnoser?: string;
  readonly model?: string;
  /** Starts it in a process of its own, ready for alarms. Throws when it does not start. */
  start(site: Site): Promise<RunningAgent>;
}
