import type { SQLInputValue } from "node:sqlite";

/** A statement that writes. Its parameters say which ones are texts that passed the exit. */
export interface Writes<P extends readonly SQLInputValue[]> {
  run(...parameters: P): unknown;
}
