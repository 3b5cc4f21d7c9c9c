/** The result of one evaluation: what `opsagent eval --json` writes and `--compare` reads. */
import { z } from "zod";

/** Both ends are shares, 0 to 1: the 95 % score interval. Absent where nothing was counted. */
const Interval = z.object({ low: z.number(), high: z.number() });

/** `hits` of `of` cases. */
export const Rate = z.object({
  hits: z.int().min(0),
  of: z.int().min(0),
  interval: Interval.optional(),
});
export type Rate = z.infer<typeof Rate>;

/** Seconds, or another unit; absent without values. */
export const Spread = z.object({
  n: z.int().min(0),
  median: z.number().optional(),
  p95: z.number().optional(),
});
export type Spread = z.infer<typeof Spread>;

export const ModelUse = z.object({
  slug: z.string(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Absent where the server did not report it. */
  costUsd: z.number().optional(),
});
export type ModelUse = z.infer<typeof ModelUse>;

/** The machine's load between injection and end. */
export const MachineLoad = z.object({
  /** Milliseconds of event loop delay of the sandbox: the largest, and the mean of the worst second. */
  loopDelayMaxMs: z.number(),
  loopDelayMeanMs: z.number(),
  /** Share of seconds in which the sandbox's event loop stood still for longer than half a second. */
  slowSeconds: z.number().min(0).max(1),
  /** Share of the time in which sandbox or agent could have run and had no processor; Linux only. */
  waitShare: z.number().min(0).optional(),
  starved: z.boolean(),
});
export type MachineLoad = z.infer<typeof MachineLoad>;

/** One run of one case, compared with the truth. */
export const CaseRun = z.object({
  case: z.string(),
  title: z.string().optional(),
  /** `live`, or the half of the recorded cases. */
  group: z.string(),
  /** The cause class it is counted under. */
  class: z.string(),
  /** From 1. */
  run: z.int().min(1),
  /** Cause and action right, nothing harmful, nothing ungated, recovery proven where one was due. */
  right: z.boolean(),
  /** Why not, as text. */
  reasons: z.array(z.string()),
  truth: z.object({
    causes: z.array(z.string()),
    actions: z.array(z.string()),
    harmful: z.array(z.string()),
  }),
  said: z.object({
    cause: z.string(),
    rootCause: z.string().optional(),
    action: z.string(),
    status: z.string(),
    /** As stated by the diagnoser. */
    stated: z.number().optional(),
    /** After code lowered it. */
    earned: z.number().optional(),
    /** The facts that it relied on, as text. */
    evidence: z.array(z.string()),
  }),
  causeRight: z.boolean(),
  actionRight: z.boolean(),
  /** The decision: done without asking, asked of a person, or declined. */
  gate: z.enum(["act", "ask", "decline", "none"]),
  harm: z.object({ done: z.array(z.string()), asked: z.array(z.string()) }),
  /** Mutating calls that no decision allowed; absent where the agent does not report its decisions. */
  ungated: z.array(z.string()).optional(),
  abstention: z.object({ due: z.boolean(), held: z.boolean() }),
  /** Only live, and where an action can cure the fault. */
  recovery: z.object({ claimed: z.boolean(), confirmed: z.boolean() }).optional(),
  /** Every cited fact exists, and one of them is of the control plane or a metric; absent without citations to judge. */
  evidenceCited: z.boolean().optional(),
  /** What the report did not tell a person and should have; absent where nothing was required. */
  untold: z.array(z.string()).optional(),
  /** What the first message did not name of the thing that broke; absent where the data names nothing. */
  unnamed: z.array(z.string()).optional(),
  seconds: z.object({
    /** From the alarm's arrival to the first call that changes something. */
    toAction: z.number().optional(),
    /** From the alarm's arrival to the alarm's OK after an action. */
    toRecovery: z.number().optional(),
    /** From the alarm's arrival to the agent's last word. */
    toEnd: z.number().optional(),
    total: z.number(),
  }),
  model: ModelUse.optional(),
  load: MachineLoad.optional(),
  /** 2: the first run was not counted, because the machine was starved or the set-up failed. */
  attempts: z.int().min(1),
});
export type CaseRun = z.infer<typeof CaseRun>;

/** A run that says nothing about the agent. */
export const SetUpFailure = z.object({
  case: z.string(),
  group: z.string(),
  run: z.int().min(1),
  kind: z.enum([
    "sandbox-not-started",
    "not-settled",
    "injection-failed",
    "alarm-never-fired",
    "agent-not-started",
    "model-not-reachable",
    "other",
  ]),
  message: z.string(),
  attempts: z.int().min(1),
});
export type SetUpFailure = z.infer<typeof SetUpFailure>;

/** Counts of one class of a group, or of all of it. */
export const Score = z.object({
  group: z.string(),
  class: z.string(),
  runs: z.int(),
  right: Rate,
  causeRight: Rate,
  actionRight: Rate,
  harmDone: Rate,
  harmAsked: Rate,
  ungated: Rate,
  abstained: Rate,
  recovered: Rate,
  evidenceCited: Rate,
  /** Everything was told that a person must know; older reports do not have it. */
  told: Rate.default({ hits: 0, of: 0 }),
  /** The first message names the thing that broke; older reports do not have it. */
  named: Rate.default({ hits: 0, of: 0 }),
  /** A wrong cause stated with more confidence than an action needs; older reports do not have it. */
  falselyCertain: Rate.default({ hits: 0, of: 0 }),
  /** The due action, the first acceptable one, is done or asked for; older reports do not have it. */
  dueMet: Rate.default({ hits: 0, of: 0 }),
  asked: Rate,
  secondsToAction: Spread,
  secondsToRecovery: Spread,
  inputTokens: Spread,
  /** Dollars a run, and of all runs. */
  costUsd: Spread,
  costUsdTotal: z.number().optional(),
});
export type Score = z.infer<typeof Score>;

/** Whether confidence can be trusted, over verdicts that name a cause. */
export const Calibration = z.object({
  group: z.string(),
  kind: z.enum(["stated", "earned"]),
  n: z.int(),
  /** Mean squared distance of confidence and result: 0 is best, 0.25 is what a constant 0.5 gets. */
  brier: z.number().optional(),
  /** Bins of equal width without the empty ones. */
  bins: z.array(
    z.object({ from: z.number(), to: z.number(), n: z.int(), meanConfidence: z.number(), right: Rate }),
  ),
});
export type Calibration = z.infer<typeof Calibration>;

/** What a change that should not matter did to what is done. */
export const VariationCount = z.object({
  variation: z.string(),
  judged: z.int(),
  /** Another action than without the change. */
  opposite: z.int(),
  /** More was done with less evidence. */
  bolder: z.int(),
  /** A harmful action came up. */
  harm: z.int(),
});
export type VariationCount = z.infer<typeof VariationCount>;

/** Published as docs/schemas/eval.v1.json; a breaking change raises `schemaVersion`. */
export const EvalReport = z.object({
  schemaVersion: z.literal("1"),
  kind: z.literal("opsagent-eval"),
  mode: z.enum(["live", "recorded", "generated"]),
  agent: z.object({
    name: z.string(),
    version: z.string().optional(),
    diagnoser: z.string().optional(),
    /** As requested; the runs name the model that answered. */
    model: z.string().optional(),
  }),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  machine: z.object({ cores: z.int(), platform: z.string(), node: z.string() }),
  repeat: z.int().min(1),
  jobs: z.int().min(1),
  /** False when it was interrupted: it then has the runs so far. */
  complete: z.boolean(),
  scores: z.array(Score),
  calibration: z.array(Calibration),
  /** With `--variations`, one a variation and one of `all`. */
  variations: z.array(VariationCount).optional(),
  /** Without held-out recorded cases and generated ones for checking, of which only counts are published. */
  runs: z.array(CaseRun),
  setUpFailures: z.array(SetUpFailure),
});
export type EvalReport = z.infer<typeof EvalReport>;
