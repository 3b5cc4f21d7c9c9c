/** A verdict in sentences: what is proven, what is not, what to do. Pure. */
import { plural } from "../domain/plural.ts";
import type { StoreVerdict } from "./verify-store.ts";

const KEEP = "Keep a copy of the store as it is, and find out who could write to it.";

const REMEDIES: Readonly<Partial<Record<StoreVerdict["outcome"], string>>> = {
  broken: `${KEEP} The entries before this one stand; from it on, compare with a backup.`,
  unsealed: `${KEEP} Either the event was put in from outside, or the newest entries were cut off.`,
  "head-missing":
    "Either the newest entries were cut off after this head was noted, or it is of another store (OPSAGENT_STORE). Keep a copy of the store and compare it with a backup.",
  differs: `${KEEP} What is named above does not agree with what was sealed; compare it with a backup.`,
  unproven:
    "Run the check where the key can be read, or give the public key that `opsagent audit key` printed there with --public-key FILE.",
  "not-keyed":
    "Set OPSAGENT_AUDIT_KEY (docs/audit.md) and run `opsagent audit seal`: from then on a rewritten trail is found.",
};

/** What to do; undefined where the store is whole. */
export function remedyOf({ outcome }: StoreVerdict): string | undefined {
  return REMEDIES[outcome];
}

/** What the seals prove, a sentence each. */
export function provenBy({ trail, seals, outcome }: StoreVerdict): string[] {
  const { first, newest, good } = seals;
  if (trail.outcome === "broken" || first === undefined || newest === undefined) return [];
  const rest = trail.entries - newest.seq;
  const hold = outcome === "whole" || outcome === "unproven";
  return [
    `Keyed since ${first.at} (entry ${first.seq}): ${plural(good, "seal")}, the newest at entry ${newest.seq} of ${newest.at}.`,
    ...(hold && rest > 0
      ? [
          `${plural(rest, "entry", "entries")} after it ${rest === 1 ? "is" : "are"} chained and not keyed yet.`,
        ]
      : []),
  ];
}

/** What this check could not prove, a sentence each. `noted`: seals from outside the store were compared. */
export function notProvenBy(verdict: StoreVerdict, noted: boolean): string[] {
  const { trail, outcome, seals, older, keyProblem } = verdict;
  if (trail.outcome === "broken") return [];
  const { first, unknownKeys } = seals;
  const lines: string[] = [];
  if (keyProblem !== undefined && outcome !== "not-keyed")
    lines.push(`No seal of this key could be checked: ${keyProblem}`);
  for (const key of unknownKeys)
    lines.push(`Seals of the key ${key} could not be checked: it is not among those given.`);
  lines.push(
    first === undefined
      ? "Not keyed: whoever can write to the store can write another trail with hashes that fit."
      : `Not keyed before ${first.at}: what was rewritten before then, with hashes that fit, was sealed as it was.`,
  );
  if (!noted && first !== undefined)
    lines.push(
      "No seal from outside the store was compared: an older copy of the whole store, or a tail cut off with its seals, looks like this. Give published ones with --published FILE, or a head with --head HASH.",
    );
  if (older > 0)
    lines.push(
      `${plural(older, "record")} that no event made: of before events were kept, or put in. Nothing seals them.`,
    );
  lines.push(
    "Out of reach: claims, incident locks, where messages were put, unreadable events, the words of questions beside their plan, the durable engine's own file, and what was never appended.",
  );
  return lines;
}
