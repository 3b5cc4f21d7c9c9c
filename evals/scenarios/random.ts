/** Pseudo-random numbers, the same on every run. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Integer in [low, high]. */
  integer(low: number, high: number): number;
  /** Standard normal. */
  gauss(): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  hex(length: number): string;
}

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

/** mulberry32 (Tommy Ettinger, public domain), seeded by a text. */
export function createRandom(seed: string): Random {
  let state = hash(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    gauss: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    hex: (length) => Array.from({ length }, () => integer(0, 15).toString(16)).join(""),
  };
}
