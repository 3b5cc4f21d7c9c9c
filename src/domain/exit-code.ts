/**
 * What an exit code says. Sources: POSIX.1-2024, Shell Command Language 2.8.2 (126, 127, and 128 plus the signal), and
 * signal(7) of Linux.
 */

const SIGNALS: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

/** Signals by which a program is ended for what it did itself. */
const OWN_FAULTS: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 11]);

/** Returns the name of the signal that ended a process with this exit code; undefined where none did. */
export function signalOf(exitCode: number): string | undefined {
  return SIGNALS[exitCode - 128];
}

/** Whether the program was ended for a fault of its own: a bad access, an abort, an illegal instruction. */
export function isOwnFault(exitCode: number): boolean {
  return OWN_FAULTS.has(exitCode - 128);
}

/** Returns the exit code for a sentence, such as "exit code 139 (SIGSEGV)". */
export function exitText(exitCode: number): string {
  const meaning = MEANINGS[exitCode] ?? signalOf(exitCode);
  return `exit code ${exitCode}${meaning === undefined ? "" : ` (${meaning})`}`;
}

const MEANINGS: Readonly<Record<number, string>> = {
  126: "the command cannot be executed",
  127: "the command is not found",
};
