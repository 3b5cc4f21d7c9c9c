/** Options of commands that are numbers; each throws what commander tells the person. */
import { InvalidArgumentError } from "commander";

/** A hundred years; what is beyond may have no date. */
const MAX_DAYS = 36_500;

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

export function positiveDays(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= MAX_DAYS))
    throw new InvalidArgumentError(`It must be a number above 0, at most ${MAX_DAYS}.`);
  return value;
}
