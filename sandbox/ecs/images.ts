/** What an image runs: the program with its arguments, and environment that comes with the image. */
export interface Image {
  readonly argv: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The container registry of the sandbox, by `name:tag`. */
export interface ImageRegistry {
  push(reference: string, image: Image): void;
  pull(reference: string): Image | undefined;
}

/** An empty registry. */
export function createImageRegistry(): ImageRegistry {
  const images = new Map<string, Image>();
  return {
    push(reference, image) {
      images.set(reference, image);
    },
    pull: (reference) => images.get(reference),
  };
}
