/** Thrown when a check cannot be made, such as when a reading that it needs failed: its finding is `skipped`. */
export class NotCheckable extends Error {
  readonly remedy: string | undefined;

  constructor(reason: string, remedy?: string) {
    super(reason);
    this.name = "NotCheckable";
    this.remedy = remedy;
  }
}
