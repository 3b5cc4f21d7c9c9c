import { redactionToken } from "./rule.ts";

/** Luhn's check digit, ISO/IEC 7812-1 annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, even = false; i >= 0; i--, even = !even) {
    const digit = digits.charCodeAt(i) - 48;
    sum += even ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/** Issuer ranges with their lengths (https://en.wikipedia.org/wiki/Payment_card_number), then Luhn. */
function isCardNumber(digits: string): boolean {
  const issued =
    /^4(?:\d{12}|\d{15}|\d{18})$/.test(digits) ||
    /^(?:5[1-5]|2[2-7])\d{14}$/.test(digits) ||
    /^3[47]\d{13}$/.test(digits) ||
    /^3(?:0[0-5]|[689]\d)\d{11}$/.test(digits) ||
    /^(?:35|6\d|50|5[6-9])\d{14}$/.test(digits) ||
    /^(?:62|6\d)\d{15,17}$/.test(digits);
  return issued && !/^(\d)\1+$/.test(digits) && passesLuhn(digits);
}

const GROUP = /(?<![\w.])\d{3,19}(?![\w.]\w)/g;
const LONGEST_CARD = 19;
const SHORTEST_CARD = 12;

/**
 * Replaces card numbers, also in groups of three digits or more with one space or hyphen between them. Each group is
 * the start of at most six attempts.
 */
export function redactCards(text: string): string {
  if (!/\d{3}/.test(text)) return text;
  const groups = [...text.matchAll(GROUP)];
  let out = "";
  let done = 0;
  for (let first = 0; first < groups.length; first++) {
    const from = groups[first]?.index ?? 0;
    const to = from < done || text[from - 1] === "-" ? undefined : endOfCard(text, groups, first);
    if (to === undefined) continue;
    out += text.slice(done, from) + redactionToken("card-number");
    done = to;
  }
  return done === 0 ? text : out + text.slice(done);
}

function endOfCard(text: string, groups: readonly RegExpExecArray[], first: number): number | undefined {
  let digits = "";
  let end = groups[first]?.index ?? 0;
  for (let i = first; i < groups.length; i++) {
    const group = groups[i];
    if (group === undefined || (i > first && !isJoined(text, end, group.index))) return undefined;
    digits += group[0];
    if (digits.length > LONGEST_CARD) return undefined;
    end = group.index + group[0].length;
    if (digits.length >= SHORTEST_CARD && isCardNumber(digits)) return end;
  }
  return undefined;
}

function isJoined(text: string, end: number, next: number): boolean {
  return next === end + 1 && (text[end] === " " || text[end] === "-");
}
