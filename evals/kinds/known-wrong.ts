/** Inputs whose answer is not right yet. Each is held to be wrong: whoever mends one takes it off. */
export const KNOWN_WRONG: readonly string[] = [];
