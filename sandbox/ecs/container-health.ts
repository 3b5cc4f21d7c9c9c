import { execFile } from "node:child_process";
import type { Container } from "./model.ts";

/**
 * Runs the health check command of a container at its interval until the returned function is called.
 * Failures inside the start period do not count, as documented for `startPeriod`.
 */
export function watchContainerHealth(
  container: Container,
  environment: Readonly<Record<string, string>>,
): () => void {
  const check = container.definition.healthCheck;
  if (!check) return () => {};
  const [kind = "", ...rest] = check.command;
  const [file, argv] =
    kind === "CMD-SHELL" ? ["/bin/sh", ["-c", rest.join(" ")]] : [rest[0] ?? "", rest.slice(1)];
  const startedAt = Date.now();
  let failures = 0;
  let busy = false;

  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    const options = {
      env: { PATH: process.env["PATH"], ...environment },
      timeout: check.timeoutSeconds * 1000,
      killSignal: "SIGKILL" as const,
    };
    execFile(file, argv, options, (error) => {
      busy = false;
      if (!error) {
        failures = 0;
        container.health = "HEALTHY";
        return;
      }
      if (Date.now() - startedAt < check.startPeriodSeconds * 1000) return;
      failures += 1;
      if (failures >= check.retries) container.health = "UNHEALTHY";
    });
  }, check.intervalSeconds * 1000);
  return () => clearInterval(timer);
}
