/** The facts of a prompt, read back from its text: a stand-in knows nothing else. */

export interface PromptFact {
  readonly id: string;
  readonly provenance: string;
  readonly kind: string;
  readonly text: string;
}

/** `E4 [control-plane, stopped-tasks 2026-11-23T15:35:45.000Z] 1 tasks of revision 77 stopped ...` */
const LINE = /^(E\d+) \[([a-z-]+), ([a-z-]+)[^\]]*\] (.*)$/gm;

/** Returns the facts that a prompt shows, in its order. */
export function factsIn(prompt: string): PromptFact[] {
  return [...prompt.matchAll(LINE)].map(([, id = "", provenance = "", kind = "", text = ""]) => ({
    id,
    provenance,
    kind,
    text,
  }));
}
