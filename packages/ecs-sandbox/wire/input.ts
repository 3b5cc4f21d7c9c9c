/** Readers for the untyped members of an API request. A member of the wrong type is the caller's error. */
import { WireError } from "./service.ts";

export type Input = Readonly<Record<string, unknown>>;

/** True for a plain JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text member, or undefined when it is absent. Throws `InvalidParameterException` for another type. */
export function readText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(`${name} must be a string.`);
  return value;
}

/** A text member that must be there and not be empty. */
export function requireText(input: Input, name: string): string {
  const value = readText(input, name);
  if (value === undefined || value === "") throw invalid(`${name} cannot be null or empty.`);
  return value;
}

/** A number member; numerals are accepted because AWS Query sends text. */
export function readNumber(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) throw invalid(`${name} must be a number.`);
  return number;
}

/** A boolean member; "true" and "false" are accepted because AWS Query sends text. */
export function readFlag(input: Input, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw invalid(`${name} must be a boolean.`);
}

/** An object member, or an empty object when it is absent. */
export function readObject(input: Input, name: string): Input {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalid(`${name} must be an object.`);
  return value;
}

/** A list of texts, empty when absent. */
export function readTexts(input: Input, name: string): readonly string[] {
  const texts: string[] = [];
  for (const value of readList(input, name)) {
    if (typeof value !== "string") throw invalid(`${name} must be a list of strings.`);
    texts.push(value);
  }
  return texts;
}

/** A list of objects, empty when absent. */
export function readObjects(input: Input, name: string): readonly Input[] {
  const objects: Input[] = [];
  for (const value of readList(input, name)) {
    if (!isObject(value)) throw invalid(`${name} must be a list of objects.`);
    objects.push(value);
  }
  return objects;
}

function readList(input: Input, name: string): readonly unknown[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${name} must be a list.`);
  return value;
}

/** The error that AWS answers for a member it cannot accept. */
export function invalid(message: string): WireError {
  return new WireError("InvalidParameterException", message);
}
