/** The frame of a page: one file without scripts or external resources. Pure. */
import { htmlValue } from "../../src/notification/text/html-text.ts";
import { EVAL_STYLE } from "./html-style.ts";

export { htmlValue } from "../../src/notification/text/html-text.ts";

export function page(title: string, header: string, body: readonly string[], footer: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${htmlValue(title)}</title>
<style>${EVAL_STYLE}</style>
</head>
<body>
<header>
${header}
</header>
<main>
${body.filter(Boolean).join("\n")}
</main>
<footer>${footer}</footer>
</body>
</html>
`;
}

export interface Cell {
  /** HTML. */
  readonly html: string;
  /** `good`, `bad`, `warn`, `nothing`, `text`. */
  readonly kind?: string;
}

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly all?: boolean;
    readonly cells: readonly Cell[];
  }[];
}

/** A table whose rows are cards on a phone. Names and heads are texts, cells are HTML. */
export function tableHtml({ caption, head, rows }: Table): string {
  const [first, ...others] = head;
  const heads = [first ?? "", ...others].map((title) => `<th scope="col">${htmlValue(title)}</th>`).join("");
  const body = rows.map(({ name, all, cells }) => {
    const tds = cells.map(({ html, kind }, index) => {
      const label = htmlValue(others[index] ?? "");
      return `<td data-label="${label}"${kind === undefined ? "" : ` class="${kind}"`}>${html}</td>`;
    });
    return `<tr${all ? ' class="all"' : ""}><th scope="row">${htmlValue(name)}</th>${tds.join("")}</tr>`;
  });
  return `<table><caption>${htmlValue(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}
