import { createHash } from "node:crypto";

/** Marks untrusted text in a prompt. */
export interface Fence {
  /** The token in the marks, which is nowhere else in the prompt. */
  readonly token: string;
  /** Removes the token from text, for use anywhere in the prompt. */
  disarm(text: string): string;
  block(name: string, lines: readonly string[]): string[];
}

/**
 * Creates a fence whose token the writer of a log line cannot know: a hash of everything observed, including
 * identifiers, times and measurements. The same evidence gives the same prompt, so that a replay asks the same
 * question.
 */
export function createFence(observed: unknown): Fence {
  const token = createHash("sha256")
    .update(JSON.stringify(observed) ?? "")
    .digest("hex")
    .slice(0, 24);
  return {
    token,
    // The replacement has no hexadecimal digit, so that removing one token cannot form another.
    disarm: (text) => text.replaceAll(token, "[?]"),
    block: (name, lines) => [`<<<DATA ${token} ${name}`, ...lines, `END ${token} ${name}>>>`],
  };
}
