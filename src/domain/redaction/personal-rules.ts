import type { RedactionRule } from "./rule.ts";

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
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[ -]/g, "");
  const issued =
    /^4(?:\d{12}|\d{15}|\d{18})$/.test(digits) ||
    /^(?:5[1-5]|2[2-7])\d{14}$/.test(digits) ||
    /^3[47]\d{13}$/.test(digits) ||
    /^3(?:0[0-5]|[689]\d)\d{11}$/.test(digits) ||
    /^(?:35|6\d|50|5[6-9])\d{14}$/.test(digits) ||
    /^(?:62|6\d)\d{15,17}$/.test(digits);
  return issued && !/^(\d)\1+$/.test(digits) && passesLuhn(digits);
}

/** Eight groups, or fewer with one `::` (RFC 4291 section 2.2); a clock time or a MAC address is neither. */
function isIpv6(text: string): boolean {
  const address = text.replace(/%.*$/, "");
  const compressed = address.includes("::");
  if (compressed && address.indexOf("::") !== address.lastIndexOf("::")) return false;
  const groups = address.split(":").filter((group) => group !== "");
  const width = groups.length + (address.includes(".") ? 1 : 0);
  if (groups.some((group) => group.length > 4 && !group.includes("."))) return false;
  if (!compressed) return width === 8;
  return width > 0 && width < 8 && /\d/.test(address);
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;

/** Personal data: addresses of people and machines, and card numbers. */
export const PERSONAL_RULES: readonly RedactionRule[] = [
  {
    name: "ipv6",
    hints: [":"],
    pattern: new RegExp(
      `(?<![\\w:.])[0-9a-fA-F:]{2,40}(?:(?<=:)${IPV4})?(?:%\\w{1,16})?(?![\\w.:]*[\\w:])`,
      "g",
    ),
    accept: isIpv6,
  },
  {
    name: "ipv4",
    hints: ["."],
    pattern: new RegExp(`(?<![\\d.])${IPV4}(?!\\d|\\.\\d)`, "g"),
  },
  {
    // The private host names of EC2 and Fargate spell the address: ip-10-0-1-23.ec2.internal
    name: "ipv4",
    hints: ["ip-"],
    pattern: /(?<![A-Za-z0-9])ip(?:-\d{1,3}){4}(?!\d)/g,
  },
  {
    name: "card-number",
    hints: [],
    pattern: /(?<![\w.-])\d(?:[ -]?\d){11,18}(?![\w-])/g,
    accept: isCardNumber,
  },
];
