import type { RedactionRule } from "./rule.ts";

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

/** Private, shared, loopback, link-local and unspecified addresses (RFC 1918, 6598, 1122, 3927): of no customer. */
function isPrivateIpv4(text: string): boolean {
  const [first = 0, second = 0] = text.split(".").map(Number);
  return (
    text === "0.0.0.0" ||
    first === 10 ||
    first === 127 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}

/** Loopback, link-local and unique local addresses (RFC 4291, 4193), and private IPv4 ones inside IPv6. */
function isPrivateIpv6(text: string): boolean {
  const mapped = /^::(?:ffff:)?(\d.*\..*)$/i.exec(text)?.[1];
  return mapped === undefined ? /^(?:::1$|fe[89ab]|f[cd][0-9a-f]{2}:)/i.test(text) : isPrivateIpv4(mapped);
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;

/** Before a version of four parts, which is written like an address: `Chrome/120.0.0.0`, `version 1.2.3.4`. */
const VERSION =
  "(?:Chrome|Chromium|HeadlessChrome|Edg\\w{0,4}|OPR|YaBrowser|SamsungBrowser|Electron)/|\\b[vV]|\\b[vV]ersion[ :=]{1,2}";

/** IP and MAC addresses, which identify people and networks. */
export const ADDRESS_RULES: readonly RedactionRule[] = [
  {
    name: "ipv6",
    hints: [":"],
    pattern: new RegExp(
      `(?<![\\w:.])[0-9a-fA-F:]{2,40}(?:(?<=:)${IPV4})?(?:%\\w{1,16})?(?![\\w.:]*[\\w:])`,
      "g",
    ),
    accept: isIpv6,
    isOwn: isPrivateIpv6,
  },
  {
    name: "ipv4",
    hints: ["."],
    pattern: new RegExp(`(?<![\\d.]|${VERSION})${IPV4}(?!\\d|\\.\\d)`, "g"),
    isOwn: isPrivateIpv4,
  },
  {
    // Private host names of EC2 and Fargate contain the address: ip-10-0-1-23.ec2.internal
    name: "ipv4",
    hints: ["ip-"],
    pattern: /(?<![A-Za-z0-9])ip(?:-\d{1,3}){4}(?!\d)/g,
    isOwn: () => true,
  },
];
