/** Writes one line as the demo services log: time, level, component, words. */
export function log(level: "INFO" | "WARN" | "ERROR", component: string, words: string): void {
  process.stdout.write(`${new Date().toISOString()} ${level.padEnd(5)} [${component}] ${words}\n`);
}

/** Writes an error with its stack trace, which takes several lines. */
export function logError(component: string, words: string, error: Error): void {
  log("ERROR", component, `${words}: ${error.message}\n${error.stack ?? ""}`);
}
