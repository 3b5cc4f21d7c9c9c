/** Plain values as AWS Query XML: lists as `<member>`, a `Map` as `<entry><key/><value/></entry>`, dates as ISO 8601. */
export function toXml(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (value instanceof Map) {
    return [...value]
      .map(([key, item]) => `<entry>${element("key", key)}${element("value", item)}</entry>`)
      .join("");
  }
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .map(([name, member]) => element(name, member))
      .join("");
  }
  return escapeXml(String(value));
}

/** One XML element around a value. */
export function element(name: string, value: unknown): string {
  return `<${name}>${toXml(value)}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
