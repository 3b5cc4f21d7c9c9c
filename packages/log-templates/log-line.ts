export interface LogLine {
  /** Epoch milliseconds. */
  readonly t: number;
  readonly stream: string;
  readonly message: string;
}
