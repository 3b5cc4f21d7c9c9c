/** Kinds of pieces of a line: a constant word, a mark, or a variable. */
export const WORD = 0;
export const MARK = 1;
export const VARIABLE = 2;

/** A line cut into pieces. The next scan reuses the arrays: read them before. */
export interface Scan {
  count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Equal for lines that differ in their variables only. */
  key: number;
  /** Equal for lines with the same number of words and variables between the same marks. */
  shape: number;
}

const MOST_PIECES = 64;
/** The meaning of a line is at its start; marks and lists after this are ignored. */
const FARTHEST = 2_000;
/** Longer than any word of a program: encoded data. */
const LONGEST_WORD = 48;

const HTTP_METHOD = /(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT)(?= \/)/y;

const DAY_OR_MONTH = new Set(
  "Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
);
const STATUS =
  /(?:status|code|http|response|answered|replied|responded|returned|(?:responded|replied|answered) with)[ :=]{1,3}(?:5\d\d|40[13]|429)$/i;

const SPACE = 0;
const LETTER = 1;
const DIGIT = 2;
const JOINER = 3;
const DELIMITER = 4;
const QUOTE = 5;
const FOREIGN = 6;

const classes = new Uint8Array(128).fill(JOINER);
for (let code = 0; code <= 32; code++) classes[code] = SPACE;
classes[127] = SPACE;
for (const char of "=:,;()[]{}<>|!") classes[char.charCodeAt(0)] = DELIMITER;
for (const char of "\"'`") classes[char.charCodeAt(0)] = QUOTE;
for (let code = 48; code <= 57; code++) classes[code] = DIGIT;
for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] = LETTER;

/**
 * Creates a scanner: one pass over the characters, no allocation. Tokens with digits, paths, addresses,
 * quoted text and anything beyond ASCII are variable, as in Drain's masking (He et al., ICWS 2017, section
 * III-B); lists of variables count as one, so that their length does not matter.
 */
export function createScanner(): (text: string) => Scan {
  const scan: Scan = {
    count: 0,
    kinds: new Uint8Array(MOST_PIECES),
    starts: new Int32Array(MOST_PIECES),
    ends: new Int32Array(MOST_PIECES),
    key: 0,
    shape: 0,
  };
  return (text) => scanInto(scan, text);
}

function scanInto(scan: Scan, text: string): Scan {
  const { kinds, starts, ends } = scan;
  const length = Math.min(text.length, FARTHEST);
  let count = 0;
  let unclosed = 0;
  let i = 0;
  while (i < length && count < MOST_PIECES) {
    const code = text.charCodeAt(i);
    let start = i;
    const cls = classOf(code);
    let kind = WORD;
    if (cls === SPACE) {
      i++;
      continue;
    }
    if (cls === DELIMITER) {
      i++;
      kind = MARK;
    } else if (cls === QUOTE) {
      const close = (unclosed & quoteBit(code)) === 0 ? closingQuote(text, i, length, code) : -1;
      if (close === -1) {
        unclosed |= quoteBit(code);
        i++;
        continue;
      }
      const method = methodLength(text, i + 1);
      if (method > 0 && count < MOST_PIECES - 1) {
        kinds[count] = WORD;
        starts[count] = i + 1;
        start = ends[count++] = i + 1 + method;
      }
      i = close + 1;
      kind = VARIABLE;
    } else {
      let letters = 0;
      for (; i < length; i++) {
        const c = text.charCodeAt(i);
        const k = classOf(c);
        if (k === LETTER) letters++;
        else if (k === DIGIT || k === FOREIGN) kind = VARIABLE;
        else if (k === JOINER) {
          if (c === 47 || c === 92 || c === 64 || c === 37) kind = VARIABLE;
        } else if (c !== 39 || letters === 0 || classOf(text.charCodeAt(i + 1)) !== LETTER) break;
      }
      if (letters === 0 && kind === WORD) continue;
      if (kind === VARIABLE && i - start === 3 && isErrorStatus(text, start)) kind = WORD;
      if (kind === WORD && (i - start > LONGEST_WORD || isValue(text, start, i))) kind = VARIABLE;
    }
    if (kind === VARIABLE && count > 0) {
      const last = count - 1;
      if (kinds[last] === VARIABLE) {
        ends[last] = i;
        continue;
      }
      if (
        last > 0 &&
        kinds[last] === MARK &&
        kinds[last - 1] === VARIABLE &&
        joinsList(text.charCodeAt(starts[last] ?? 0))
      ) {
        count = last;
        ends[last - 1] = i;
        continue;
      }
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count] = i;
    count++;
  }
  scan.count = count;
  hash(scan, text);
  return scan;
}

function classOf(code: number): number {
  return code < 128 ? (classes[code] as number) : FOREIGN;
}

function quoteBit(code: number): number {
  return code === 34 ? 1 : code === 39 ? 2 : 4;
}

/** A quote opens after a non-letter, and an apostrophe closes only before one. */
function closingQuote(text: string, open: number, length: number, code: number): number {
  for (let i = open + 1; i < length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === code && (code === 34 || classOf(text.charCodeAt(i + 1)) !== LETTER)) return i;
  }
  return -1;
}

/** Words that are values: `key=value`, `host.name:80`, days and months. */
function isValue(text: string, start: number, end: number): boolean {
  if (start > 0 && text.charCodeAt(start - 1) === 61) return true;
  if (text.charCodeAt(end) === 58 && classOf(text.charCodeAt(end + 1)) === DIGIT)
    return text.slice(start, end).includes(".");
  const first = text.charCodeAt(start);
  return end - start === 3 && first >= 65 && first <= 90 && DAY_OR_MONTH.has(text.slice(start, end));
}

/** `status: 503`, `HTTP 429`: a status is part of the statement. */
function isErrorStatus(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  return (first === 52 || first === 53) && STATUS.test(text.slice(Math.max(0, start - 16), start + 3));
}

/** `"GET /path HTTP/1.1"`: the path varies, the method does not. */
function methodLength(text: string, start: number): number {
  const code = text.charCodeAt(start);
  if (code < 67 || code > 80) return 0;
  HTTP_METHOD.lastIndex = start;
  return HTTP_METHOD.test(text) ? HTTP_METHOD.lastIndex - start : 0;
}

/** `,` `:` `;` and `|` between two variables make them one: a list, a time, an address with its port. */
function joinsList(code: number): boolean {
  return code === 44 || code === 58 || code === 59 || code === 124;
}

/** Two 32-bit FNV-1a hashes with different primes, joined to 53 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hash(scan: Scan, text: string): void {
  const { kinds, starts, ends, count } = scan;
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  let shape = 0x2545f491;
  for (let piece = 0; piece < count; piece++) {
    const kind = kinds[piece] as number;
    const mark = kind === MARK ? text.charCodeAt(starts[piece] as number) : kind === WORD ? 1 : 2;
    shape = Math.imul(shape ^ (kind === MARK ? mark : 1), 0x01000193);
    high = Math.imul(high ^ mark, 0x01000193);
    low = Math.imul(low ^ mark, 0x5bd1e995);
    if (kind !== WORD) continue;
    for (let i = starts[piece] as number, end = ends[piece] as number; i < end; i++) {
      const c = text.charCodeAt(i);
      high = Math.imul(high ^ c, 0x01000193);
      low = Math.imul(low ^ c, 0x5bd1e995);
      low ^= low >>> 13;
    }
  }
  scan.key = (high >>> 0) * 0x200000 + ((low >>> 0) & 0x1fffff);
  scan.shape = shape >>> 0;
}
