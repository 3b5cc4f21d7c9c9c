/** Load, other mechanisms than those for fitting. */
import { noise, ramp, series, step } from "../../scenarios/series.ts";
import { elbStop, errorLog, infoLog, TIMED_OUT, truth, warnLog } from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import { failing, personDue, released, rollbackDue, scaleDue, unhealthyHosts } from "../parts.ts";
import { times } from "../shapes.ts";

export const checkingLoadFamilies: readonly Family[] = [
  {
    name: "slow-climb-of-demand",
    of: "traffic-spike",
    story: "Demand climbs for three quarters of an hour, far above any other day; answers grow slow.",
    why: "Requests, CPU and latency climb together; yesterday and a week ago were level at this hour.",
    needs: { balancer: true },
    truth: scaleDue("traffic-spike"),
    make: (s) => {
      const factor = s.between(2.2, 4);
      return {
        metrics: {
          requests: s.of("requests", times(-50, factor, 46)),
          cpu: s.of("cpu", ramp(-50, 93, -3), step(-3, 93, 1)),
          p99: s.of("p99", times(-35, s.between(5, 10), 32)),
        },
        alarm: alarmOf(s, "p99", ">", s.levels.p99 * 2.5),
        logs: s.logs(),
      };
    },
  },
  {
    name: "checks-fail-under-load",
    of: "traffic-spike",
    story: "A spike makes tasks too slow for their health checks: ECS stops them and the rest gets more.",
    why: "Requests rose first and far; CPU is at its limit in all; checks fail one after the other.",
    needs: { tasks: [4, 20], balancer: true },
    truth: scaleDue("traffic-spike"),
    make: (s) => {
      const sick = Math.ceil(s.tasks / 3);
      return {
        running: s.fleet([
          ...Array.from({ length: sick }, (_, index) => ({ age: s.age - index, target: TIMED_OUT })),
          { age: 2 },
        ]),
        stopped: [elbStop(-3, s.age, "Request timed out"), elbStop(-5, s.age, "Request timed out")],
        metrics: {
          ...unhealthyHosts(s, sick),
          requests: s.of("requests", times(s.onset, s.between(2.5, 4), 2)),
          cpu: s.of("cpu", step(s.onset, 98, 2), noise(0.015)),
          p99: s.of("p99", times(s.onset, 14, 3)),
          elb5xx: series(0.1, step(s.onset + 2, s.levels.requests * 0.2, 3)),
        },
        alarm: alarmOf(s, "unhealthyHosts", ">=", 1),
        logs: s.logs(),
      };
    },
  },
  {
    name: "night-is-quiet",
    of: "no-fault",
    story: "It is night: requests and CPU are as low as every night, below an alarm that knows only days.",
    why: "The same low level at the same hour on other days; healthy, no errors.",
    needs: { balancer: true },
    truth: personDue("no-fault", "unknown"),
    make: (s) => {
      const quiet = () => times(-150, 0.12, 60);
      return {
        metrics: { requests: s.of("requests", quiet()), cpu: s.of("cpu", quiet()) },
        usual: { requests: s.of("requests", quiet()), cpu: s.of("cpu", quiet()) },
        alarm: alarmOf(s, "cpu", "<", s.levels.cpu * 0.35),
        logs: s.logs(),
      };
    },
  },
  {
    name: "router-forgot-the-service",
    of: "traffic-loss",
    story: "A change at the router sends most requests elsewhere; what arrives is served as ever.",
    why: "A fall to a tenth at one instant, every target healthy, no error; other days have many at this hour.",
    needs: { balancer: true },
    truth: personDue("traffic-loss"),
    make: (s) => ({
      metrics: {
        requests: s.of("requests", times(s.onset, s.between(0.05, 0.15), 1)),
        cpu: s.of("cpu", times(s.onset, s.between(0.2, 0.4), 2)),
      },
      alarm: alarmOf(s, "cpu", "<", s.levels.cpu * 0.5),
      logs: s.logs(),
    }),
  },
  {
    name: "release-burns-cpu",
    of: "cpu-saturation",
    story: "The new revision needs twice the CPU for the same requests.",
    why: "CPU stepped with the release in all tasks alike; requests are level.",
    needs: { balancer: true },
    truth: rollbackDue("cpu-saturation", "bad-deploy"),
    make: (s) => {
      const cpu = () => s.of("cpu", step(s.onset, 96, 2), noise(0.02));
      return {
        ...released(
          s,
          s.onset - 3,
          { now: { image: "acme/app:8.0.0" }, before: { image: "acme/app:7.9.2" } },
          { cpu: cpu() },
        ),
        metrics: { cpu: cpu(), p99: s.of("p99", times(s.onset, 5, 3)) },
        alarm: alarmOf(s, "cpu", ">", 85),
        logs: s.logs(),
      };
    },
  },
  {
    name: "own-client-repeats",
    of: "retry-storm",
    story:
      "A caller inside the company repeats what timed out, without pause; the first slowness is long over.",
    why: "Latency rose before the requests did; what arrives is the same again and again.",
    needs: { balancer: true },
    truth: personDue("retry-storm"),
    make: (s) => ({
      metrics: {
        p99: s.of("p99", times(s.onset, 20, 1)),
        requests: s.of("requests", times(s.onset + 4, s.between(3, 6), 2)),
        errors5xx: failing(s, 0.3),
        cpu: s.of("cpu", step(s.onset + 4, 94, 2)),
      },
      alarm: alarmOf(s, "cpu", ">", 80),
      logs: s.logs(
        errorLog([s.onset, s.onset + 5], 10, "handler gave up after 10 s"),
        infoLog([s.onset + 4, 0], 25, "duplicate of request {uuid}: attempt 9"),
      ),
    }),
  },
  {
    name: "few-requests-slow-tail",
    of: "no-fault",
    story: "A handful of requests a minute; one slow one makes the p99 whatever it likes.",
    why: "So few requests say nothing about a tail; it was so at other hours.",
    needs: { balancer: true },
    truth: truth(["no-fault", "unknown"], ["none"], ["decline"]),
    make: (s) => ({
      metrics: {
        requests: series(4, noise(0.4)),
        p99: s.of("p99", times(-7, s.between(3, 6), 1), noise(0.3)),
      },
      usual: { requests: series(4) },
      alarm: alarmOf(s, "p99", ">", s.levels.p99 * 2),
      logs: s.logs(warnLog([-7, 0], 0.3, "report for {id} took {n} ms")),
    }),
  },
];
