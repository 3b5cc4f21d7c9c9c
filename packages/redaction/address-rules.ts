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

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;

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
  },
  {
    name: "ipv4",
    hints: ["."],
    pattern: new RegExp(`(?<![\\d.])${IPV4}(?!\\d|\\.\\d)`, "g"),
  },
  {
    // Private host names of EC2 and Fargate contain the address: ip-10-0-1-23.ec2.internal
    name: "ipv4",
    hints: ["ip-"],
    pattern: /(?<![A-Za-z0-9])ip(?:-\d{1,3}){4}(?!\d)/g,
  },
];
