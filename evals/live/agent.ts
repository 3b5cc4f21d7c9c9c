/** What an agent has to be so that it can be judged, whoever wrote it. */
import { z } from "zod";

const actions = z.enum(["restart", "scale", "rollback", "none"]);

/** A change that the agent's own decision allowed, or a person: what the sandbox's record of calls is held against. */
export const Permit = z.object({
  action: actions,
  /** ISO 8601: when it began to hold. */
  from: z.iso.datetime(),
  /** Task ids or ARNs that may be stopped. */
  tasks: z.array(z.string()).optional(),
  /** Desired counts that may be set; the first is the change, others take it back. */
  desiredCounts: z.array(z.int()).optional(),
  /** Task definitions, `family:revision` or ARNs, that may be put in place; the first is the change. */
  taskDefinitions: z.array(z.string()).optional(),
  /** The deployment that may be stopped. */
  deploymentArn: z.string().optional(),
});
export type Permit = z.infer<typeof Permit>;

/** What an agent says about one incident, in JSON. Only cause, action and status are needed. */
export const AgentReport = z.object({
  /** The ECS service it is about; needed where several have alarms. */
  service: z.string().optional(),
  /** One of the cause classes that `docs/evaluation.md` lists. */
  cause: z.string(),
  /** What it did, or, where nothing was done, `none`. */
  action: actions,
  /** 0 to 1, of the cause. */
  confidence: z.number().min(0).max(1).optional(),
  /** `resolved` only after proof. */
  status: z.enum(["resolved", "escalated", "failed", "observed"]),
  rootCause: z.string().optional(),
  /** Confidence after the agent's own checks, where it has such. */
  earnedConfidence: z.number().min(0).max(1).optional(),
  /** The facts it cites; one that does not exist in what it read has no provenance. */
  evidence: z
    .array(
      z.object({
        statement: z.string(),
        provenance: z.enum(["control-plane", "metric", "log", "memory"]).optional(),
      }),
    )
    .optional(),
  /** Without them nothing is said about ungated calls. */
  permits: z.array(Permit).optional(),
  /** What a person was asked for, and the answer. */
  asked: z.array(z.object({ action: actions, verdict: z.string() })).optional(),
  /** ISO 8601: when it had proof of recovery. */
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

/** The answer to a question that the agent put to a person. */
export type PersonVerdict = "approved" | "denied";

/** Everything that an agent gets to know of the place it works in. */
export interface Site {
  readonly awsEndpoint: string;
  readonly region: string;
  readonly cluster: string;
  /** An empty folder of the agent's own. */
  readonly folder: string;
  /** Takes Slack's incoming-webhook messages. */
  readonly slackUrl: string;
  /** Takes {@link AgentReport} as a POST; the newest counts. */
  readonly reportUrl: string;
  /** Takes `{"action"}` as a POST and answers `{"verdict": "approved" | "denied"}`. */
  readonly approvalUrl: string;
  /** The same person, for an adapter that carries the question itself. */
  readonly askPerson: (action: string) => PersonVerdict;
  /** The newest report to `reportUrl` about this service, or about none by name. */
  readonly reported: (service: string) => AgentReport | undefined;
}

/** What is known of an incident so far. */
export interface Answer {
  readonly report: AgentReport;
  /** The incident is told, but something is left to do, such as giving borrowed capacity back. */
  readonly pending: boolean;
  /** Something outside the agent, such as the model's server, kept it from judging: the run says nothing of it. */
  readonly prevented?: string;
}

export interface RunningAgent {
  readonly pid: number | undefined;
  /** Hands it one alarm as SNS hands it to a Lambda function. Throws when it was not taken: it is sent again. */
  deliver(event: string): Promise<void>;
  /** Looks for its answer about a service; throws when the agent is gone. Called again and again. */
  look(service: string): Promise<Answer | undefined>;
  /** Ends it. What it wrote to its streams, for the record. */
  stop(): Promise<string>;
}

export interface AgentUnderTest {
  readonly name: string;
  readonly version?: string;
  readonly diagnoser?: string;
  readonly model?: string;
  /** Starts it in a process of its own, ready to take alarms. Throws when it does not come up. */
  start(site: Site): Promise<RunningAgent>;
}
