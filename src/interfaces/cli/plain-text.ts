/** Text for terminals of 80 columns. */

const WIDTH = 80;

/** Breaks a sentence between words; every line but the first is indented, the first has `lead` in that place. */
export function wrap(text: string, lead = "", width = WIDTH): string {
  const indent = " ".repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}

/** Rows of cells in columns of these widths; the last column is as wide as its text. */
export function columns(widths: readonly number[], rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
