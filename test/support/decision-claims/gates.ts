import {
  ACTION,
  CAUSE,
  type Claim,
  claim,
  factOf,
  isDeployedShortlyBefore,
  isVouchedFor,
  levels,
} from "./claim.ts";

/** Claims of the gates and of the confidence. */
export const GATE_CLAIMS: readonly Claim[] = [
  claim("no-valid-citation", "lower", "The diagnosis cites no fact that exists\\. .*", (input) =>
    input.diagnosis.evidence.every((id) => factOf(input, id) === undefined),
  ),
  claim("no-trusted-support", "lower", `No cited .+ supports (?<cause>${CAUSE})\\. .*`),
  claim("important-gaps", "lower", "Could not read: (?<sources>.+)\\. Confidence.*", ({ evidence }, said) =>
    (said["sources"] ?? "")
      .split(", ")
      .every((source) => evidence.gaps.some((gap) => gap.important && gap.source === source)),
  ),
  claim(
    "confidence-not-a-number",
    "lower",
    "The stated confidence .+ is not a number .*",
    ({ diagnosis }) => !(diagnosis.confidence >= 0 && diagnosis.confidence <= 1),
  ),
  claim("action-proposed", "pass", `(?<action>${ACTION}) is proposed for (?<cause>${CAUSE})\\.`),
  claim(
    "action-proposed",
    "refuse",
    "Nothing is wrong, so nothing is done\\.",
    ({ diagnosis }) => diagnosis.cause === "no-fault",
  ),
  claim(
    "action-proposed",
    "refuse",
    "The cause is not known, so nothing is done\\.",
    ({ diagnosis }) => diagnosis.cause === "unknown",
  ),
  claim(
    "action-proposed",
    "refuse",
    `No restart, scaling or rollback of this service cures (?<cause>${CAUSE})\\.`,
    ({ diagnosis }) => diagnosis.action === "none",
  ),
  claim(
    "action-proposed",
    "refuse",
    `The diagnosis proposes no action for this case of (?<cause>${CAUSE})\\.`,
    ({ diagnosis }) => diagnosis.action === "none",
  ),
  claim(
    "confidence-threshold",
    "pass",
    "Earned confidence (?<earned>[\\d.]+) is above (?<threshold>[\\d.e-]+)\\.",
    ({ policy }, said) => Number(said["threshold"]) === policy.limits.confidenceThreshold,
  ),
  claim(
    "confidence-threshold",
    "refuse",
    "Earned confidence (?<earned>[\\d.]+) is not above (?<threshold>[\\d.e-]+)\\.",
    ({ policy }, said) => Number(said["threshold"]) === policy.limits.confidenceThreshold,
  ),
  claim(
    "evidence-gate",
    "pass",
    "(?<ids>E\\d+(?:, E\\d+)*) supports? it, and AWS vouches for (?:it|them)\\.",
    (input, { ids = "" }) =>
      ids.split(", ").every((id) => input.diagnosis.evidence.includes(id) && isVouchedFor(factOf(input, id))),
  ),
  claim(
    "evidence-gate",
    "refuse",
    `No fact that AWS vouches for supports (?<cause>${CAUSE})(?<others>; .+)?\\.`,
    (input, { others = "" }) =>
      [...others.matchAll(/(E\d+) does not count/g)].every(
        ([, id]) => input.diagnosis.evidence.includes(id ?? "") && !isVouchedFor(factOf(input, id)),
      ),
  ),
  claim("cause-action-matrix", "pass", `(?<action>${ACTION}) cures (?<cause>${CAUSE})\\.`),
  claim(
    "cause-action-matrix",
    "pass",
    "One task is hot and the others are cool\\.",
    (input) => levels(input).filter((level) => level > 80).length === 1 && levels(input).length >= 2,
  ),
  claim(
    "cause-action-matrix",
    "pass",
    `(?<action>rollback) can cure (?<cause>${CAUSE}), by approval unless policy says otherwise\\.`,
  ),
  claim(
    "cause-action-matrix",
    "pass",
    `The onset follows a deployment: (?<action>rollback) can cure (?<cause>${CAUSE}), by approval unless policy says otherwise\\.`,
    isDeployedShortlyBefore,
  ),
  claim(
    "cause-action-matrix",
    "ask",
    `(?<action>${ACTION}) for (?<cause>${CAUSE}) is for a person to decide\\.`,
  ),
  claim(
    "cause-action-matrix",
    "ask",
    `The onset follows a deployment: (?<action>${ACTION}) for (?<cause>${CAUSE}) is for a person to decide\\.`,
    isDeployedShortlyBefore,
  ),
  claim(
    "cause-action-matrix",
    "refuse",
    `(?<action>${ACTION}) for (?<cause>${CAUSE}) only makes sense when the onset follows a deployment\\.`,
    (input) => !isDeployedShortlyBefore(input),
  ),
  claim(
    "cause-action-matrix",
    "refuse",
    `(?<action>${ACTION}) helps (?<cause>${CAUSE}) only when one task is hot and the others are cool\\.`,
  ),
  claim("cause-action-matrix", "refuse", `(?<action>${ACTION}) does not cure (?<cause>${CAUSE})\\.`),
  claim(
    "history",
    "refuse",
    "The record of past actions could not be read, so nothing is done\\.",
    ({ history }) => history === undefined,
  ),
];
