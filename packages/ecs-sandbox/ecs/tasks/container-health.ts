import { type ChildProcess, spawn } from "node:child_process";
import type { Container } from "../model.ts";

/**
 * Runs the health check command of a container at its interval until the returned function is called. Failures inside
 * the start period do not count, unless the check has passed once already.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
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
  let passed = false;
  let running: ChildProcess | undefined;

  function note(success: boolean): void {
    if (success) {
      failures = 0;
      passed = true;
      container.health = "HEALTHY";
      return;
    }
    const starting = Date.now() - startedAt < (check?.startPeriodSeconds ?? 0) * 1000;
    if (starting && !passed) return;
    failures += 1;
    if (failures >= (check?.retries ?? 1)) container.health = "UNHEALTHY";
  }

  const timer = setInterval(() => {
    if (running) return;
    const child = spawn(file, argv, {
      env: { PATH: process.env["PATH"], ...environment },
      stdio: "ignore",
      // A group of its own, so that a check that takes too long ends with all that it started.
      detached: true,
    });
    running = child;
    const timeout = setTimeout(() => killGroup(child), check.timeoutSeconds * 1000);
    const done = (success: boolean) => {
      clearTimeout(timeout);
      if (running !== child) return;
      running = undefined;
      note(success);
    };
    child.once("exit", (code) => done(code === 0));
    child.once("error", () => done(false));
  }, check.intervalSeconds * 1000);

  return () => {
    clearInterval(timer);
    const last = running;
    running = undefined;
    if (last) killGroup(last);
  };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
