import { createHash } from "node:crypto";

/** Marks off text that strangers wrote. */
export interface Fence {
  /** What stands in the marks and nowhere else in the prompt. */
  readonly token: string;
  /** Text that cannot hold the token, for use anywhere in the prompt. */
  disarm(text: string): string;
  block(name: string, lines: readonly string[]): string[];
}

/**
 * A fence whose token nobody can know who writes a log line: it is a hash of everything observed, with the
 * identifiers, times and measurements that a writer does not see. The same evidence gives the same prompt, so
 * that a replay asks what was asked.
 */
export function createFence(observed: unknown): Fence {
  const token = createHash("sha256")
    .update(JSON.stringify(observed) ?? "")
    .digest("hex")
    .slice(0, 24);
  return {
    token,
    // The replacement holds no hexadecimal digit, so that removing one token cannot put another together.
    disarm: (text) => text.replaceAll(token, "[?]"),
    block: (name, lines) => [`<<<DATA ${token} ${name}`, ...lines, `END ${token} ${name}>>>`],
  };
}
