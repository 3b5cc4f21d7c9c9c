/** Minutes relative to now; the past is negative. */
export type Minute = number;
