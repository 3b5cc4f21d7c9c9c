import type { DecideInput } from "../../../src/remediation/decide.ts";
import { ACTION, CAUSE, type Claim, claim } from "./claim.ts";

const failedAnd = (policy: DecideInput["policy"]["whenModelFails"]) => (input: DecideInput) =>
  input.modelFailure !== undefined && input.policy.whenModelFails === policy;

const saysOtherwise: Claim["holds"] = ({ diagnosis, secondOpinion }, said) =>
  diagnosis.by === "rules" &&
  secondOpinion?.by === "model" &&
  secondOpinion.cause === said["other"] &&
  secondOpinion.action === said["otherAction"] &&
  (secondOpinion.cause !== diagnosis.cause || secondOpinion.action !== diagnosis.action) &&
  secondOpinion.confidence > 0.5;

const OTHERWISE = `The model says (?<other>${CAUSE}) with action (?<otherAction>${ACTION}|none), not (?<cause>${CAUSE}) with (?<action>${ACTION})\\.`;

/** Claims of what a model adds. */
export const WITNESS_CLAIMS: readonly Claim[] = [
  claim(
    "model-alone",
    "ask",
    `The rules see no cause in this evidence: that it is (?<cause>${CAUSE}) is the model's word alone\\.`,
    ({ diagnosis, secondOpinion }) =>
      diagnosis.by === "model" && (secondOpinion === undefined || secondOpinion.cause === "unknown"),
  ),
  claim(
    "model-agrees",
    "ask",
    `The model names (?<cause>${CAUSE}) as well\\. Without that the confidence would be (?<alone>[\\d.]+), not above (?<threshold>[\\d.e-]+)\\.`,
    ({ diagnosis, secondOpinion, policy }, said) =>
      secondOpinion?.by === "model" &&
      secondOpinion.cause === diagnosis.cause &&
      Number(said["threshold"]) === policy.limits.confidenceThreshold,
  ),
  claim(
    "model-doubts",
    "ask",
    `${OTHERWISE} A person decides\\.`,
    (input, said) => saysOtherwise(input, said) && input.policy.modelMayHold,
  ),
  claim(
    "model-doubts",
    "pass",
    `${OTHERWISE} The rules decide\\.`,
    (input, said) => saysOtherwise(input, said) && !input.policy.modelMayHold,
  ),
  claim(
    "model-failed",
    "pass",
    "The model gave no opinion \\([\\w-]+\\)\\. The rules decide as if there were no model\\.",
    failedAnd("signs"),
  ),
  claim(
    "model-failed",
    "ask",
    "The model gave no opinion \\([\\w-]+\\)\\. The policy leaves what the rules would do to a person then\\.",
    failedAnd("ask"),
  ),
  claim(
    "model-failed",
    "refuse",
    "The model gave no opinion \\([\\w-]+\\)\\. The policy lets nothing be done then\\.",
    failedAnd("nothing"),
  ),
];
