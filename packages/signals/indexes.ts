/** The whole numbers from `from` on, below `to`. */
export function indexes(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
