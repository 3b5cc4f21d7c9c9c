/** What a case file is written with, and the forms of names that several of its parts have. */
import type { TextAnonymiser } from "./anonymise-text.ts";
import type { NameKind, Names } from "./names.ts";

export interface Anonymiser {
  readonly names: Names;
  readonly prose: TextAnonymiser;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves out what is undefined. */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** `told` of a value that may be missing. */
export function maybe<T, R>(value: T | undefined, told: (value: T) => R): R | undefined {
  return value === undefined ? undefined : told(value);
}

/** `family:revision`, an ARN, or an id with a prefix such as `ecs-svc/1`. */
export function reference(value: string, kind: NameKind, { prose }: Anonymiser): string {
  return /^arn:[\w-]+:[\w-]+:/.test(value) ? prose.arn(value) : prose.path(value, kind);
}

/** Tags, digests and versions that tell nothing but which one it is. */
const PLAIN_TAG =
  /^(?:v?\d{1,8}(?:\.\d{1,8}){0,3}(?:-(?:rc|alpha|beta|build|hotfix)?\.?\d{0,6})?|latest|stable)$/i;

/** An image with its registry and tag; a version stays, since the difference of two is evidence. */
export function image(value: string, { names, prose }: Anonymiser): string {
  const match =
    /^(?:(?<registry>[^/]+\.[^/]+)\/)?(?<path>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?$/.exec(value);
  if (match?.groups === undefined) return names.of("image", value);
  const { registry, path = "", tag, digest } = match.groups;
  const told = [
    registry === undefined ? "" : `${names.of("host", registry)}/`,
    names.of("image", path),
    tag === undefined ? "" : `:${PLAIN_TAG.test(tag) ? tag : names.of("tag", tag)}`,
    digest === undefined ? "" : `@${prose.path(digest, "digest")}`,
  ].join("");
  names.alias(value, told);
  return told;
}
