/**
 * Whether Slack would take a message, by Slack's documentation and not by this project's constants:
 * https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/methods/chat.postMessage and
 * https://docs.slack.dev/reference/block-kit/composition-objects. Also what no message may do: ping or mislead.
 */

type Json = Readonly<Record<string, unknown>>;

/** `text`: Slack advises 4 000 and truncates beyond 40 000; a message's blocks are refused from about 13 200 on. */
const MOST = {
  text: 4_000,
  blocks: 50,
  allText: 13_000,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  actionsElements: 25,
  button: 75,
  value: 2_000,
  id: 255,
  url: 3_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  metadata: 8_000,
};

/** Every breach, in words; none for a message that Slack takes. `hosts`: where links may lead. */
export function slackProblems(
  message: { readonly text: string | null; readonly blocks: readonly unknown[] },
  hosts: RegExp = /^[a-z0-9-]+\.console\.aws\.amazon\.com$/,
): string[] {
  const problems: string[] = [];
  const texts: string[] = [];
  const need = (holds: boolean, what: string) => {
    if (!holds) problems.push(what);
  };
  const textObject = (given: unknown, types: readonly string[], most: number, where: string) => {
    const { type, text } = (given ?? {}) as Json;
    need(types.includes(String(type)), `${where}: type ${String(type)}`);
    const value = typeof text === "string" ? text : "";
    need(value.trim() !== "", `${where}: empty`);
    need(value.length <= most, `${where}: ${value.length} characters of ${most}`);
    texts.push(value);
  };
  const both = ["plain_text", "mrkdwn"];
  const button = (element: Json, where: string) => {
    need(element["type"] === "button", `${where}: ${String(element["type"])} instead of a button`);
    textObject(element["text"], ["plain_text"], MOST.button, `${where} text`);
    need(String(element["value"] ?? "").length <= MOST.value, `${where}: value`);
    need(String(element["action_id"] ?? "").length <= MOST.id, `${where}: action_id`);
    need(String(element["url"] ?? "").length <= MOST.url, `${where}: url`);
    need([undefined, "primary", "danger"].includes(element["style"] as string), `${where}: style`);
    const confirm = element["confirm"] as Json | undefined;
    if (confirm === undefined) return;
    textObject(confirm["title"], ["plain_text"], MOST.confirmTitle, `${where} confirm title`);
    textObject(confirm["text"], both, MOST.confirmText, `${where} confirm text`);
    textObject(confirm["confirm"], ["plain_text"], MOST.confirmButton, `${where} confirm button`);
    textObject(confirm["deny"], ["plain_text"], MOST.confirmButton, `${where} deny button`);
  };

  need(typeof message.text === "string" && message.text.trim() !== "", "no fallback text");
  need((message.text ?? "").length <= MOST.text, `text: ${message.text?.length} characters`);
  need(message.blocks.length <= MOST.blocks, `${message.blocks.length} blocks`);
  const ids = new Set<string>();
  for (const [index, given] of message.blocks.entries()) {
    const block = given as Json;
    const where = `block ${index}`;
    const id = block["block_id"];
    if (id !== undefined) {
      need(typeof id === "string" && id.length <= MOST.id && !ids.has(id), `${where}: block_id`);
      ids.add(String(id));
    }
    const elements = (block["elements"] ?? []) as readonly Json[];
    const fields = block["fields"] as readonly Json[] | undefined;
    switch (block["type"]) {
      case "divider":
        break;
      case "header":
        textObject(block["text"], ["plain_text"], MOST.header, where);
        break;
      case "section":
        need(block["text"] !== undefined || fields !== undefined, `${where}: neither text nor fields`);
        if (block["text"] !== undefined) textObject(block["text"], both, MOST.section, where);
        if (fields === undefined) break;
        need(fields.length > 0 && fields.length <= MOST.fields, `${where}: ${fields.length} fields`);
        for (const field of fields) textObject(field, both, MOST.field, `${where} field`);
        break;
      case "context":
        need(elements.length > 0 && elements.length <= MOST.contextElements, `${where}: elements`);
        for (const element of elements) textObject(element, both, MOST.section, `${where} element`);
        break;
      case "actions":
        need(elements.length > 0 && elements.length <= MOST.actionsElements, `${where}: elements`);
        for (const element of elements) button(element, `${where} button`);
        break;
      default:
        problems.push(`${where}: type ${String(block["type"])}`);
    }
  }
  const all = texts.join("");
  need(all.length <= MOST.allText, `${all.length} characters in all blocks`);
  for (const text of [message.text ?? "", ...texts]) problems.push(...abuse(text, hosts));
  return problems;
}

/** What Slack would read as markup: links to our own places and mentions of one user are all there may be. */
function abuse(text: string, hosts: RegExp): string[] {
  const problems = [...text.matchAll(/<([^>]*)>/g)].flatMap(([whole, inside = ""]) => {
    if (/^@[UW][A-Z0-9]{4,20}$/.test(inside)) return [];
    const [address = "", label = ""] = inside.split("|");
    const url = URL.parse(address.replaceAll("&amp;", "&"));
    const fine = url !== null && hosts.test(url.host) && /^[A-Za-z ]+$/.test(label);
    return fine ? [] : [`markup ${whole.slice(0, 80)}`];
  });
  const rest = text.replace(/<[^>]*>/g, "");
  if (/[<>]/.test(rest)) problems.push("a bare angle bracket");
  if (/&(?!(?:amp|lt|gt);)/.test(rest)) problems.push("a bare ampersand");
  if (/@(?:here|channel|everyone)\b/i.test(rest)) problems.push("a ping of everybody");
  if (!text.isWellFormed()) problems.push("half a surrogate pair");
  return problems;
}
