/** Inputs whose answer is not right yet. Each is held to be wrong: whoever mends one takes it off. */
export const KNOWN_WRONG: readonly string[] = [
  "05 log_group_template, which stands before log_group_name",
  "06 the same prefix for all services",
  "09 a contributor without ServiceName",
  "10 cluster and service say two clusters",
  "12 public: the child is named, without AWS",
  "12 two children of two services, without AWS",
  "12 quoted names and NOT, without TriggeringChildren",
  "12 quoted names and NOT, described by AWS",
];
