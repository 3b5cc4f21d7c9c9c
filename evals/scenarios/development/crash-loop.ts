/**
 * Containers that end by themselves, after public accounts: https://github.com/alanxz/rabbitmq-c/issues/743 (a message
 * that ends every consumer), https://github.com/ding113/claude-code-hub/issues/1147 (139 under usual load, bursts of
 * 502), https://github.com/n8n-io/n8n/issues/20455 and https://github.com/kemeter/ring/pull/181 (workers that end
 * with 0). Their truths were written before they were run.
 */
import { noise, pulse, ramp, series } from "../series.ts";
import { alarm, bareLog, cases, exitStop, infoLog, leave, repeated, warnLog } from "../vocabulary.ts";

export const crashLoopCases = cases(
  {
    name: "poison-message-ends-every-worker",
    of: "crash-loop",
    story:
      "One message that cannot be parsed comes back after each visibility timeout and ends whichever worker gets it.",
    why: "Every other minute a worker exits with 1 after the same traceback; the release is of yesterday and ran a day without a stop; memory, CPU and the queue's sender are as ever.",
    world: {
      service: "invoice-worker",
      desired: 3,
      balancer: false,
      deployments: [{ revision: 0, at: -1_530 }],
      running: [{ age: 5.1 }, { age: 3 }, { age: 0.9 }],
      stopped: [
        ...repeated(9, -1.6, 2.1, (at) => exitStop(at, 5.6, 1)),
        ...[-20.5, -22.6, -24.7].map((at) => exitStop(at, 1_520 + at, 1)),
      ],
      events: [],
      custom: {
        namespace: "AWS/SQS",
        name: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: "invoices" },
        series: series(4, ramp(-25, 1_500)),
      },
      metrics: { cpu: series(24), memory: series(47) },
      alarm: alarm("custom", ">", 1_000, { statistic: "Maximum", of: [5, 5], name: "invoices-queue-age" }),
      logs: {
        style: "python",
        entries: [
          bareLog(
            [-25, -1.6],
            0.5,
            "Traceback (most recent call last):",
            '  File "/app/worker.py", line 61, in main',
            "    handle(json.loads(message.body))",
            '  File "/app/invoices.py", line 118, in handle',
            "    total = Decimal(line['amount'])",
            "decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]",
          ),
          infoLog([-25, -0.9], 0.5, "worker ready, polling invoices"),
          warnLog([-18, -17], 1, "invoice {id} has no delivery address, using the billing address"),
        ],
      },
    },
    truth: leave("crash-loop"),
  },
  {
    name: "native-module-139-now-and-then",
    of: "crash-loop",
    story:
      "A native module of the proxy crashes on some answers: every few minutes one task is gone, with a burst of 502.",
    why: "Exit 139 from tasks of very different ages and no word in the log; memory 58 %, requests as usual, revision of 17 days; a task that nobody hit lives on.",
    world: {
      service: "vendor-proxy",
      desired: 4,
      running: [{ age: 2_900 }, { age: 10.2 }, { age: 5.2 }, { age: 1 }],
      stopped: [
        exitStop(-1.8, 12.4, 139),
        exitStop(-6, 15.2, 139),
        exitStop(-11, 14.1, 139),
        exitStop(-15, 2_886, 139),
        exitStop(-22, 8.2, 139),
        exitStop(-26, 2_876, 139),
        exitStop(-31, 2_871, 139),
      ],
      events: [-1.6, -5.8, -10.8, -14.8, -21.8, -25.8, -30.8].map(
        (at) => [at, "deregistered 1 targets in (target-group {targetGroup})."] as const,
      ),
      metrics: {
        requests: series(2_600),
        cpu: series(37, noise(0.07)),
        memory: series(58),
        p99: series(0.6),
        errors5xx: series(0.3),
        elb5xx: series(0.2, ...[-31, -26, -22, -15, -11, -6, -2].map((from) => pulse(from, from + 1, 120))),
        healthyHosts: series(4, ...[-31, -26, -22, -15, -11, -6, -2].map((from) => pulse(from, from + 1, 3))),
      },
      alarm: alarm("elb5xx", ">", 40, { of: [3, 15] }),
      logs: {
        style: "node",
        chatter: 40,
        entries: [
          warnLog([-24, -2], 0.1, "upstream answered in {n}ms, above the budget"),
          infoLog([-25, -1], 0.3, "listening on 8080"),
        ],
      },
    },
    truth: leave("crash-loop"),
  },
  {
    name: "worker-that-thinks-it-is-done",
    of: "crash-loop",
    story:
      "A worker takes an empty batch for the end of its work and ends with 0; ECS starts it again, and again.",
    why: "Ten exits with 0 and EssentialContainerExited, half a minute after each start; ECS did not stop it, desired is 1, no revision for a month, nothing refuses.",
    world: {
      service: "catalog-export",
      desired: 1,
      balancer: false,
      insights: "service",
      deployments: [{ revision: 0, at: -33 * 1440 }],
      running: [{ status: "PENDING" }],
      stopped: [...repeated(9, -0.7, 2, (at) => exitStop(at, 0.5, 0)), exitStop(-18.7, 11_640, 0)],
      metrics: {
        cpu: series(9),
        memory: series(22),
        runningTasks: series(1, pulse(-19, 0, 0.2)),
      },
      alarm: alarm("runningTasks", "<", 1, { of: [10, 10] }),
      logs: {
        style: "pino",
        chatter: 3,
        chatterWindow: [-25, -18.7],
        entries: [
          infoLog([-18.7, -0.7], 0.5, "batch of 0 items, export complete"),
          infoLog([-18.6, -0.6], 0.5, "bye"),
          warnLog([-22, -20], 0.5, "feature flag client: using cached flags"),
        ],
      },
    },
    truth: leave("crash-loop"),
  },
);
