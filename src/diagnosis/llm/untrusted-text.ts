/**
 * Untrusted text as it may stand in a prompt. Not only logs carry it: whoever may stop a task, push an image or edit
 * an alarm chooses words that ECS and CloudWatch repeat.
 */
import { templateOf } from "../../../packages/log-templates/index.ts";
import { awsSentence } from "./aws-sentences.ts";
import { oneLine } from "./text.ts";

const ABOUT =
  /^\(service [\w-]{1,255}\) (?:\((?:port|instance|deployment|task|taskSet) [\w/:.-]{1,200}\) ){0,3}/;

/** Returns AWS's own sentence where it is one, else typed tokens and words of a closed vocabulary. */
export function untrustedText(text: string): string {
  const line = oneLine(text).replace(ABOUT, "");
  return awsSentence(line, templateOf) ?? templateOf(line);
}

/** Returns at most two words of the closed vocabulary from a name that somebody chose. */
export function untrustedName(name: string): string {
  const words = oneLine(name)
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .toLowerCase();
  return templateOf(words);
}

/** Returns a tag, digest or revision as pipelines make them: a version, hash, date or build number. */
export function versionOf(text: string): string {
  return /^(?:v?\d{1,14}(?:\.\d{1,8}){0,3}(?:-(?:rc|alpha|beta|build|hotfix)?\.?\d{0,6})?|(?:sha256:|sha-|git-|g)?[0-9a-f]{7,64}|latest|stable|main|master|prod|production|staging|dev)$/i.test(
    text,
  )
    ? text.slice(0, 30)
    : "<tag>";
}
