/** The names and texts of one case file, and forms of names that several of its parts share. */
import type { TextAnonymiser } from "./anonymise-text.ts";
import type { NameKind, Names } from "./names.ts";

export interface Anonymiser {
  readonly names: Names;
  readonly texts: TextAnonymiser;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Returns the object without undefined fields. */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** Applies `transform` to a value that may be undefined. */
export function maybe<T, R>(value: T | undefined, transform: (value: T) => R): R | undefined {
  return value === undefined ? undefined : transform(value);
}

/** Anonymises `family:revision`, an ARN, or an id with a prefix such as `ecs-svc/1`. */
export function reference(value: string, kind: NameKind, { texts }: Anonymiser): string {
  return /^arn:[\w-]+:[\w-]+:/.test(value) ? texts.arn(value) : texts.path(value, kind);
}

/** Tags, digests and versions that reveal no name. */
const PLAIN_TAG =
  /^(?:v?\d{1,8}(?:\.\d{1,8}){0,3}(?:-(?:rc|alpha|beta|build|hotfix)?\.?\d{0,6})?|latest|stable)$/i;

/** Anonymises an image with its registry and tag. A version stays, since the difference of two is evidence. */
export function image(value: string, { names, texts }: Anonymiser): string {
  const match =
    /^(?:(?<registry>[^/]+\.[^/]+)\/)?(?<path>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?$/.exec(value);
  if (match?.groups === undefined) return names.of("image", value);
  const { registry, path = "", tag, digest } = match.groups;
  const anonymised = [
    registry === undefined ? "" : `${names.of("host", registry)}/`,
    names.of("image", path),
    tag === undefined ? "" : `:${PLAIN_TAG.test(tag) ? tag : names.of("tag", tag)}`,
    digest === undefined ? "" : `@${texts.path(digest, "digest")}`,
  ].join("");
  names.alias(value, anonymised);
  return anonymised;
}
