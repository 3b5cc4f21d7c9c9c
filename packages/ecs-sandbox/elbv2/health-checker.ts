import { request } from "node:http";
import {
  type HealthCheckSettings,
  initialHealth,
  registering,
  type Target,
  type TargetGroup,
  type TargetHealth,
} from "./model.ts";

/** Why one health check failed, in the words of the API; undefined when it passed. */
type CheckFailure = Pick<TargetHealth, "reason" | "description"> | undefined;

/** Checks every target of the group once, each at most once at a time. Results arrive on the targets. */
export function checkTargets(group: TargetGroup): void {
  for (const target of group.targets.values()) {
    if (target.checking || target.health.state === "draining") continue;
    target.checking = true;
    if (target.health === registering) target.health = initialHealth;
    checkOnce(target, group.healthCheck).then((failure) => {
      target.checking = false;
      if (target.health.state !== "draining") applyCheck(target, group.healthCheck, failure);
    });
  }
}

/**
 * Counts one result and changes the state when a threshold is reached. A new target becomes healthy at its
 * first pass, as with an Application Load Balancer.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
function applyCheck(target: Target, settings: HealthCheckSettings, failure: CheckFailure): void {
  if (failure) {
    target.passes = 0;
    target.failures += 1;
    if (target.failures >= settings.unhealthyThreshold) target.health = { state: "unhealthy", ...failure };
    return;
  }
  target.failures = 0;
  target.passes += 1;
  const needed = target.health.state === "initial" ? 1 : settings.healthyThreshold;
  if (target.passes >= needed) target.health = { state: "healthy" };
}

/** Whether a status is among `200`, `200,204` or `200-299`. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return from !== undefined && to !== undefined && status >= from && status <= to;
  });
}

function checkOnce(target: Target, settings: HealthCheckSettings): Promise<CheckFailure> {
  const { id, port } = target.address;
  return new Promise((resolve) => {
    const probe = request(
      {
        host: id,
        port: settings.port === "traffic-port" ? port : settings.port,
        path: settings.path,
        agent: false,
        headers: { "user-agent": "ELB-HealthChecker/2.0" },
        signal: AbortSignal.timeout(settings.timeoutSeconds * 1000),
      },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        resolve(
          matches(settings.matcher, status)
            ? undefined
            : {
                reason: "Target.ResponseCodeMismatch",
                description: `Health checks failed with these codes: [${status}]`,
              },
        );
      },
    );
    probe.on("error", (error) => {
      resolve(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? { reason: "Target.Timeout", description: "Request timed out" }
          : { reason: "Target.FailedHealthChecks", description: "Health checks failed" },
      );
    });
    probe.end();
  });
}
