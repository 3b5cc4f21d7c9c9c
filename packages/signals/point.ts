/** One CloudWatch series in time order; `t` is epoch milliseconds of the period's start. */
export interface Point {
  readonly t: number;
  readonly v: number;
}
