import { createHash } from "node:crypto";

/** The content of an image: the program with its arguments, and its environment. */
export interface Image {
  readonly argv: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder of the program on this machine, which its container knows as `/app`. */
  readonly root?: string;
}

/** Why a pull fails although the reference is well-formed. */
export type PullProblem = "not-found" | "access-denied" | "timeout" | "no-space" | "forbidden";

/** The result of a pull. The digest names the content, whatever the tag means later. */
export type Pull =
  | { readonly kind: "pulled"; readonly image: Image; readonly digest: string }
  | { readonly kind: "refused"; readonly problem: PullProblem };

/** The container registry of the sandbox, by `name:tag`. A tag can be pushed again: then it means another digest. */
export interface ImageRegistry {
  /** Answers the digest, `sha256:...`. */
  push(reference: string, image: Image): string;
  /** Makes pulls of this reference fail, or lets them through again. */
  refuse(reference: string, problem: PullProblem | undefined): void;
  /** With a digest it returns that content and ignores the tag. */
  pull(reference: string, digest?: string): Pull;
}

/** An empty registry. */
export function createImageRegistry(): ImageRegistry {
  const tags = new Map<string, string>();
  const contents = new Map<string, Image>();
  const refused = new Map<string, PullProblem>();
  return {
    push(reference, image) {
      const digest = `sha256:${createHash("sha256").update(JSON.stringify(image)).digest("hex")}`;
      tags.set(reference, digest);
      contents.set(digest, image);
      return digest;
    },
    refuse(reference, problem) {
      if (problem) refused.set(reference, problem);
      else refused.delete(reference);
    },
    pull(reference, known) {
      const problem = refused.get(reference);
      if (problem) return { kind: "refused", problem };
      const digest = known ?? tags.get(reference);
      const image = digest === undefined ? undefined : contents.get(digest);
      if (digest === undefined || !image) return { kind: "refused", problem: "not-found" };
      return { kind: "pulled", image, digest };
    },
  };
}
