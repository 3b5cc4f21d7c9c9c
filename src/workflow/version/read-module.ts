/** A source file as far as it says what runs: its imports, and its code without comments, layout and paths. */

export interface ModuleImport {
  readonly specifier: string;
  /** Nothing of it is left when the types are gone. */
  readonly typeOnly: boolean;
}

/**
 * What the module imports and re-exports, and what it loads later by a fixed path. Only looks at the declarations: it is
 * asked of every module that runs.
 */
export function importsOf(source: string): ModuleImport[] {
  const found: ModuleImport[] = [];
  for (const [declaration] of source.matchAll(DECLARATION)) {
    const tokens = tokensOf(declaration);
    const names = tokens.slice(1, -1).filter((token, at, all) => token !== "from" || at < all.length - 1);
    found.push({ specifier: unquoted(tokens.at(-1) ?? ""), typeOnly: isTypeOnly(names) });
  }
  for (const [, specifier = ""] of source.matchAll(LATER)) found.push({ specifier, typeOnly: false });
  return found;
}

const DECLARATION = /^(?:import|export)\b[\w\s{},*$]*["'][^"'\n]+["']/gm;
const LATER = /\bimport\(\s*["']([^"'\n]+)["']/g;

/**
 * Every token in order, one a line. Comments, white space, line ends, trailing commas and the paths of imports are not
 * in it, so that neither the formatter nor a move of files changes it. Never throws: of text that is no code, something
 * is read all the same.
 */
export function codeOf(source: string): string {
  const tokens = tokensOf(source);
  const code: string[] = [];
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (depth === 0 && (token === "import" || token === "export")) {
      const end = declarationEnd(tokens, at);
      if (end !== undefined) {
        // What is imported by name says nothing more than where the name is used.
        if (token === "export") code.push(...tokens.slice(at, end));
        at = tokens[end + 1] === ";" ? end + 1 : end;
        continue;
      }
    }
    if (OPENING.has(token)) depth += 1;
    if (CLOSING.has(token)) depth -= 1;
    if (token === "," && CLOSING.has(tokens[at + 1] ?? "")) continue;
    if (isText(token) && tokens[at - 2] === "import" && tokens[at - 1] === "(") continue;
    code.push(token);
  }
  return code.join("\n");
}

const OPENING: ReadonlySet<string> = new Set(["{", "(", "["]);
const CLOSING: ReadonlySet<string> = new Set(["}", ")", "]"]);

/** Where the path of `import ... "path"` or `export ... from "path"` stands; undefined for any other statement. */
function declarationEnd(tokens: readonly string[], start: number): number | undefined {
  if (tokens[start] === "import" && isText(tokens[start + 1])) return start + 1;
  for (let at = start + 1; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (token === "from" && isText(tokens[at + 1])) return at + 1;
    if (!/^(?:[{},*]|[\w$\u0080-\uffff]+)$/.test(token)) return undefined;
  }
  return undefined;
}

/** `import type ...`, or only types between its braces. An import without names is for its effect. */
function isTypeOnly(names: readonly string[]): boolean {
  if (names[0] === "type" && names[1] !== "from" && names[1] !== ",") return true;
  if (names[0] !== "{") return false;
  const bindings = names
    .slice(1, names.indexOf("}"))
    .join(" ")
    .split(",")
    .map((binding) => binding.trim())
    .filter((binding) => binding !== "");
  return bindings.length > 0 && bindings.every((binding) => /^type (?!as )/.test(binding));
}

function isText(token: string | undefined): boolean {
  return token?.startsWith('"') === true || token?.startsWith("'") === true;
}

function unquoted(token: string): string {
  return token.slice(1, -1);
}

const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
/** Letters beyond ASCII, too. */
const WORD = /[\w$#@\u0080-\uffff]+/y;
const TEXT = /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/y;
const PATTERN = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
/** Up to the end of a template or to its next `${`. */
const TEMPLATE_PART = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{|$)/y;

/** After these words an expression begins, so that a slash opens a regular expression. */
const BEFORE_EXPRESSION: ReadonlySet<string> = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "do",
  "else",
  "void",
  "delete",
  "throw",
  "new",
  "await",
  "yield",
  "instanceof",
]);

function tokensOf(source: string): string[] {
  const text = source.replaceAll("\r\n", "\n");
  const tokens: string[] = [];
  /** For each open `${` how many braces are open inside it. */
  const templates: number[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (!found) return undefined;
    at += found.length;
    return found;
  };
  const takeTemplate = (opening: string): void => {
    const part = take(TEMPLATE_PART) ?? "";
    tokens.push(opening + part);
    if (part.endsWith("${")) templates.push(0);
  };
  while (at < text.length) {
    if (take(SPACE) !== undefined) continue;
    const token = take(WORD) ?? take(TEXT) ?? (mayBePattern(tokens.at(-1)) ? take(PATTERN) : undefined);
    if (token !== undefined) {
      tokens.push(token);
      continue;
    }
    const sign = text[at] ?? "";
    at += 1;
    const open = templates.at(-1);
    if (sign === "`") takeTemplate(sign);
    else if (sign === "}" && open === 0) {
      templates.pop();
      takeTemplate(sign);
    } else {
      if (open !== undefined && sign === "{") templates[templates.length - 1] = open + 1;
      if (open !== undefined && sign === "}") templates[templates.length - 1] = open - 1;
      tokens.push(sign);
    }
  }
  return tokens;
}

function mayBePattern(before: string | undefined): boolean {
  if (before === undefined || BEFORE_EXPRESSION.has(before)) return true;
  return !/[\w$)\]}"'`\u0080-\uffff]$/.test(before);
}
