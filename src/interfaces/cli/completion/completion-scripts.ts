/** Completion scripts, written from the commands themselves. They are static: no process is started at a press of Tab. */
import type { Command } from "commander";
import { commandsOf, type ListedCommand, optionsOf } from "../command-tree.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow a command: by the words before it. */
interface Place {
  /** The command's words, such as `policy check`; empty for the program. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly description: string }[];
}

export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program);
  const name = program.name();
  switch (shell) {
    case "bash":
      return bash(name, places);
    case "zsh":
      return zsh(name, places);
    case "fish":
      return fish(name, places);
  }
}

function placesOf(program: Command): Place[] {
  const leaves = commandsOf(program);
  const groups = new Map<string, Map<string, string>>([["", new Map()]]);
  for (const { path, command } of leaves) {
    const parts = path.split(" ");
    for (let depth = 0; depth < parts.length; depth += 1) {
      const words = groups.get(parts.slice(0, depth).join(" ")) ?? new Map<string, string>();
      groups.set(parts.slice(0, depth).join(" "), words);
      const word = parts[depth] ?? "";
      const description =
        depth === parts.length - 1 ? command.description() : (command.parent?.description() ?? "");
      if (!words.has(word)) words.set(word, description);
    }
  }
  const top = optionsOf(program).map(({ flag, description }) => ({ word: flag, description }));
  return [
    ...[...groups].map(([path, words]) => ({
      path,
      words: [
        ...[...words].map(([word, description]) => ({ word, description })),
        ...(path === "" ? top : []),
      ],
    })),
    ...leaves.map(leafPlace),
  ];
}

function leafPlace({ path, command, options }: ListedCommand): Place {
  const choices = command.registeredArguments.flatMap(({ argChoices, description }) =>
    (argChoices ?? []).map((word) => ({ word, description })),
  );
  return {
    path,
    words: [...choices, ...options.map(({ flag, description }) => ({ word: flag, description }))],
  };
}

function bash(name: string, places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words }) => `    "${path}") words="${words.map(({ word }) => word).join(" ")}" ;;`,
  );
  return `# bash completion for ${name}
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case " ${groupsOf(places)} " in *" \${path:+$path }$word;"*) path="\${path:+$path }$word" ;; esac ;; esac
  done
  case "$path" in
${cases.join("\n")}
    *) words="" ;;
  esac
  COMPREPLY=()
  if [[ "$current" == -* || " $words " != *" --out "* ]]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
  fi
  if [[ \${#COMPREPLY[@]} -eq 0 && "$current" != -* ]]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _${name} ${name}
`;
}

/** Every path with a mark behind it, so that a whole path can be looked for as a text. */
function groupsOf(places: readonly Place[]): string {
  return places.map(({ path }) => `${path};`).join(" ");
}

function zsh(name: string, places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words }) =>
      `    '${path}') offered=(${words.map(({ word, description }) => quoted(`${word.replaceAll(":", "\\:")}:${description}`)).join(" ")}) ;;`,
  );
  return `#compdef ${name}
_${name}() {
  local here="" one
  local -a offered
  local known=' ${groupsOf(places)} '
  for one in "\${(@)words[2,CURRENT-1]}"; do
    [[ "$known" == *" \${here:+$here }$one;"* ]] && here="\${here:+$here }$one"
  done
  case "$here" in
${cases.join("\n")}
  esac
  _describe '${name}' offered || _files
}
if [[ "\${funcstack[1]-}" == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function fish(name: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) => {
    const at = `complete -c ${name} -n ${quoted(`__${name}_at "${path}"`)}`;
    return [
      // Where one of some words has to come, no file does.
      ...(words.some(({ word }) => !word.startsWith("--")) ? [`${at} -f`] : []),
      ...words.map(({ word, description }) => {
        const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-a ${quoted(word)}`;
        return `${at} ${what} -d ${quoted(description)}`;
      }),
    ];
  });
  return `# fish completion for ${name}
function __${name}_at
  set -l here
  set -l known ${places.map(({ path }) => quoted(path)).join(" ")}
  for word in (commandline -opc)[2..]
    set -l further (string join ' ' -- $here $word)
    contains -- "$further" $known; and set here (string split ' ' -- $further)
  end
  set -l path (string join ' ' -- $here)
  test "$path" = "$argv[1]"
end
${lines.join("\n")}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
