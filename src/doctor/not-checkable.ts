/** Thrown where a check cannot say anything, such as when what it builds on failed: its finding is `skipped`. */
export class NotCheckable extends Error {
  readonly remedy: string | undefined;

  constructor(reason: string, remedy?: string) {
    super(reason);
    this.name = "NotCheckable";
    this.remedy = remedy;
  }
}
