import { z } from "zod";
import { Freeze } from "./freeze.ts";
import { ServiceName } from "./target.ts";

const seconds = z.number().positive();

/** How much OpsAgent may do by itself. */
export const Mode = z.enum(["observe", "approve", "auto"]);
export type Mode = z.infer<typeof Mode>;

/** Silence is no permission: without a policy file, and where a file leaves a mode out, nothing is changed. */
const modes = z.strictObject({
  restart: Mode.default("observe").describe(
    "stopping sick tasks, one after the other; where no task may go, one is added for as long",
  ),
  scale: Mode.default("observe").describe("adding tasks"),
  rollback: Mode.default("observe").describe("going back to the revision that ran steadily before"),
});

/** What a model that fails, is slow or answers badly does to the decision. */
export const WhenModelFails = z.enum(["signs", "ask", "nothing"]);

/** Not `modes.partial()`: that would fill in the defaults, and override what the policy says for every service. */
const serviceModes = z.strictObject({
  restart: Mode.optional(),
  scale: Mode.optional(),
  rollback: Mode.optional(),
});

const limits = z.strictObject({
  confidenceThreshold: z.number().min(0).max(1).default(0.75).describe("act only strictly above this"),
  maxTasks: z.number().int().positive().default(20).describe("never scale above this many tasks"),
  scaleStep: z.number().int().positive().default(2).describe("tasks added by one scale action"),
  maxRestarts: z.number().int().positive().default(3).describe("tasks restarted by one action at the most"),
  cooldownMinutes: z.number().min(0).default(10).describe("between two actions on one service"),
  actionsPerHour: z
    .number()
    .int()
    .min(0)
    .default(3)
    .describe("per service; above it `auto` becomes `approve`"),
  modelBudgetUsd: z.number().positive().default(0.5).describe("dollars one incident may cost at the model"),
  blastRadiusServices: z.number().int().positive().default(5).describe("services acted on within 10 minutes"),
  modelCallsPerHour: z
    .number()
    .int()
    .min(0)
    .default(200)
    .describe("questions to the model an hour, of one process; beyond them the rules diagnose alone"),
  strangersPerHour: z
    .number()
    .int()
    .min(1)
    .default(20)
    .describe(
      "incidents an hour, of one process, about events that cannot be read or services that do not exist, of which people are told; the others are only recorded",
    ),
});

const timing = z.strictObject({
  metricPeriodSeconds: z.number().int().positive().default(60).describe("of the series that are read"),
  metricWindowMinutes: z.number().positive().default(60).describe("how far back series are read"),
  logWindowMinutes: z.number().positive().default(5).describe("how far before the onset logs are read"),
  modelTimeoutSeconds: seconds.default(60).describe("for one question with all its tries"),
  sourceTimeoutSeconds: seconds.default(15).describe("for one source of evidence; after it there is a gap"),
  replacementTimeoutSeconds: seconds.default(300).describe("for a stopped task's replacement to be healthy"),
  pollSeconds: z.number().int().positive().default(10).describe("between looks while a task is replaced"),
  verifyIntervalSeconds: z.number().int().positive().default(30).describe("between looks for recovery"),
  verifyTimeoutSeconds: seconds.default(900).describe("recovery must have shown by then"),
  holdChecks: z.number().int().positive().default(3).describe("looks in a row that must show recovery"),
  decayMinutes: z
    .number()
    .min(0)
    .default(5)
    .describe("after an incident's end its alarm may fire once more without opening another"),
  settleSeconds: z
    .number()
    .min(0)
    .default(120)
    .describe("after an incident was left to people, other alarms of the service belong to it for so long"),
  noFaultMemoryMinutes: z
    .number()
    .min(0)
    .default(60)
    .describe("how long measured noise is suppressed, unless something else is seen; low alarms never are"),
  giveBackMinutes: z
    .number()
    .min(0)
    .default(30)
    .describe("how long recovery must hold before added tasks are scaled in"),
  giveBackGiveUpHours: z.number().positive().default(24).describe("after that they are left to people"),
});

const approvals = z.strictObject({
  deadlineMinutes: z
    .number()
    .positive()
    .max(7 * 24 * 60)
    .default(30)
    .describe("no answer until then means no"),
  slackUsers: z.array(z.string().min(1)).default([]).describe("Slack user ids (U...) that may answer"),
  cliUsers: z
    .array(z.string().min(1))
    .optional()
    .describe("names that may answer on the command line; without the list, everyone who can use the store"),
  httpClients: z.array(z.string().min(1)).default([]).describe("names of HTTP tokens that may answer"),
});

const evidence = z.strictObject({
  cloudTrail: z.boolean().default(true).describe("ask CloudTrail what was changed before the onset"),
  actionLogs: z
    .boolean()
    .default(false)
    .describe("read the cluster's ECS Action Logs, which are turned on and paid for apart"),
});

const taskStops = z.strictObject({
  outOfMemory: z
    .number()
    .int()
    .min(0)
    .default(1)
    .describe("tasks stopped for lack of memory that start an incident; 0: none does"),
  crashes: z
    .number()
    .int()
    .min(0)
    .default(3)
    .describe("tasks that ended by themselves, or did not start, that start an incident; 0: none does"),
  withinMinutes: z
    .number()
    .positive()
    .max(60)
    .default(15)
    .describe("the time in which they count; ECS remembers stopped tasks for an hour"),
});

/** The webhooks that a secret may open. */
export const SecretWebhook = z.enum(["eventbridge", "alertmanager", "grafana"]);
export type SecretWebhook = z.infer<typeof SecretWebhook>;

/** The rule file: what OpsAgent may do, to what, and how it measures. Unknown keys are errors. */
export const Policy = z.strictObject({
  version: z.literal(1).default(1).describe("of this format"),
  modes: modes.prefault({}).describe("how much is done without asking; OPSAGENT_MODE is a ceiling over them"),
  limits: limits.prefault({}).describe("how sure, how much and how often"),
  timing: timing.prefault({}).describe("how long to look, wait and remember"),
  evidence: evidence.prefault({}).describe("what is read"),
  taskStops: taskStops
    .prefault({})
    .describe("from which rate on stopped tasks of a service start an incident without an alarm"),
  approvals: approvals.prefault({}).describe("who may answer, and until when"),
  modelMayHold: z
    .boolean()
    .default(true)
    .describe("a model that sees it otherwise turns an action into a question; `false`: it is only told"),
  whenModelFails: WhenModelFails.default("signs").describe(
    "`signs`: the rules decide as if there were no model; `ask`: what they would do is asked; `nothing` is done",
  ),
  language: z
    .string()
    .regex(/^[\p{L} ()-]{2,40}$/u, "must be the name of a language, such as `English`")
    .default("English")
    .describe("in which a model explains an incident to people"),
  tolerateGaps: z
    .array(z.string().min(1))
    .default([])
    .describe("sources, as gaps name them (`logs`, ...), whose absence does not keep the agent from acting"),
  trustedNamespaces: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "CloudWatch namespaces whose series may support an action, beside AWS's own, such as `AWS/ECS`",
    ),
  killSwitch: z
    .boolean()
    .default(false)
    .describe("stops every action at once; incidents are still investigated and reported"),
  freezes: z.array(Freeze).default([]).describe("times in which nothing is acted on, once or every week"),
  alarms: z
    .array(
      z.strictObject({
        pattern: z.string().min(1).describe("an alarm name; `*` matches any run of characters"),
        labels: z
          .record(z.string(), z.string())
          .optional()
          .describe("labels of an Alertmanager or Grafana alert that must match, too; `*` as above"),
        service: ServiceName.describe("the ECS service that such an alarm is about"),
      }),
    )
    .default([])
    .describe("for alarms without ECS dimensions; the first that matches counts"),
  alertLabels: z
    .strictObject({
      cluster: z
        .array(z.string().min(1))
        .default(["ecs_cluster", "dimension_ClusterName"])
        .describe("labels that name the ECS cluster; the first that an alert has counts"),
      service: z
        .array(z.string().min(1))
        .default(["ecs_service", "dimension_ServiceName"])
        .describe("labels that name the ECS service; the first that an alert has counts"),
    })
    .prefault({})
    .describe("how alerts of Alertmanager and Grafana name their target; `alarms` counts where they do not"),
  senders: z
    .record(
      z.string().min(1),
      z.strictObject({
        webhook: SecretWebhook.optional().describe(
          "the one address that its secret opens; without it every webhook, and `POST /events` for a token",
        ),
        services: z
          .array(ServiceName)
          .min(1)
          .optional()
          .describe("the ECS services that its alerts may be about; without it all"),
        clusters: z
          .array(ServiceName)
          .min(1)
          .optional()
          .describe("the ECS clusters that its alerts may be about; without it all"),
      }),
    )
    .default({})
    .describe(
      "what senders of alarms over HTTP may speak about, by the name of their secret, `grafana` for the HMAC secret, or a topic's ARN",
    ),
  services: z
    .record(
      ServiceName,
      z.strictObject({
        modes: serviceModes
          .optional()
          .describe("over the policy's own; what is left out stays as it is there"),
        protected: z.boolean().optional().describe("people act on it, the agent does not"),
        rollback: z
          .strictObject({
            reversible: z
              .boolean()
              .optional()
              .describe("`false`: no deployment of it is ever rolled back, as after a database was migrated"),
            irreversible: z
              .array(z.string().regex(/^[\w-]+:\d+$/, "must be `family:revision`"))
              .optional()
              .describe("task definitions, `family:revision`, that are never left for an older one"),
          })
          .optional()
          .describe("what must not be undone; the tag `opsagent:reversible=false` says the same"),
      }),
    )
    .default({})
    .describe("by ECS service name: what is different there"),
  absentServices: z
    .array(ServiceName)
    .default([])
    .describe(
      "names that may be protected or frozen although the cluster has no such service: not there yet, or of another cluster",
    ),
});
export type Policy = z.infer<typeof Policy>;
