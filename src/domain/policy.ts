import { z } from "zod";

const seconds = z.number().positive();

/** How much OpsAgent may do by itself. */
export const Mode = z.enum(["observe", "approve", "auto"]);
export type Mode = z.infer<typeof Mode>;

const modes = z.strictObject({
  restart: Mode.default("auto"),
  scale: Mode.default("auto"),
  rollback: Mode.default("approve"),
});

const limits = z.strictObject({
  confidenceThreshold: z.number().min(0).max(1).default(0.75).describe("act only strictly above this"),
  maxTasks: z.number().int().positive().default(20).describe("never scale above this many tasks"),
  scaleStep: z.number().int().positive().default(2).describe("tasks added by one scale action"),
  maxRestarts: z.number().int().positive().default(3).describe("tasks restarted by one action at the most"),
  maxRestartPercent: z
    .number()
    .positive()
    .max(100)
    .default(25)
    .describe("of the desired count, at least one"),
  cooldownMinutes: z.number().min(0).default(10).describe("between two actions on one service"),
  actionsPerHour: z
    .number()
    .int()
    .min(0)
    .default(3)
    .describe("per service; above it `auto` becomes `approve`"),
  modelBudgetUsd: z.number().positive().default(0.5).describe("dollars one incident may cost at the model"),
  blastRadiusServices: z.number().int().positive().default(5).describe("services acted on within 10 minutes"),
});

const timing = z.strictObject({
  metricPeriodSeconds: z.number().int().positive().default(60),
  metricWindowMinutes: z.number().positive().default(60),
  logWindowMinutes: z.number().positive().default(5),
  modelTimeoutSeconds: seconds.default(60).describe("for one question with all its tries"),
  sourceTimeoutSeconds: seconds.default(15),
  replacementTimeoutSeconds: seconds.default(300).describe("for a stopped task's replacement to be healthy"),
  pollSeconds: z.number().int().positive().default(10).describe("between looks while a task is replaced"),
  verifyIntervalSeconds: z.number().int().positive().default(30),
  verifyTimeoutSeconds: seconds.default(900),
  holdChecks: z.number().int().positive().default(3).describe("looks in a row that must show recovery"),
});

const evidence = z.strictObject({
  cloudTrail: z.boolean().default(true).describe("ask CloudTrail what was changed before the onset"),
});

/** The rule file: what OpsAgent may do, to what, and how it measures. Unknown keys are errors. */
export const Policy = z.strictObject({
  version: z.literal(1).default(1),
  modes: modes.prefault({}),
  limits: limits.prefault({}),
  timing: timing.prefault({}),
  evidence: evidence.prefault({}),
  /** Sources (as gaps name them, such as `logs`) whose absence does not keep the agent from acting. */
  tolerateGaps: z.array(z.string().min(1)).default([]),
  /** Stops every action at once; incidents are still investigated and reported. */
  killSwitch: z.boolean().default(false),
  /** Times in which nothing is acted on; without `services`, none of them. */
  freezes: z
    .array(
      z
        .strictObject({
          from: z.iso.datetime({ offset: true }),
          to: z.iso.datetime({ offset: true }),
          services: z.array(z.string()).optional(),
          reason: z.string().optional(),
        })
        .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
          error: "must be after `from`",
          path: ["to"],
        }),
    )
    .default([]),
  /** Alarm name patterns (`*` matches any run) to services, for alarms without ECS dimensions. */
  alarms: z.array(z.strictObject({ pattern: z.string().min(1), service: z.string().min(1) })).default([]),
  services: z
    .record(
      z.string(),
      z.strictObject({ modes: modes.partial().optional(), protected: z.boolean().optional() }),
    )
    .default({}),
});
export type Policy = z.infer<typeof Policy>;
