/** Inputs whose answer is not right yet. Each is held to be wrong: whoever mends one takes it off. */
export const KNOWN_WRONG: readonly string[] = [
  "09 a contributor without ServiceName",
  "10 cluster and service say two clusters",
  "12 quoted names and NOT, without TriggeringChildren",
];
