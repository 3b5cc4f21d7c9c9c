/** Anonymises text: known names and unknown words become pseudonyms, public words stay. */
import { textFor } from "../../domain/exit.ts";
import type { NameKind, Names } from "./names.ts";
import { isPublicWord, isSettingWord } from "./public-vocabulary.ts";

export interface TextAnonymiser {
  /** Anonymises a sentence, whoever wrote it. */
  text(sentence: string): string;
  /** Anonymises a setting's value or a metric's name; technical words and numbers stay. */
  setting(value: string): string;
  /** Anonymises a text in the closed vocabulary of the log digest: only known names are replaced. */
  template(text: string): string;
  arn(arn: string): string;
  /** Anonymises the parts between slashes and colons; `kind` is the kind of unknown ones. */
  path(path: string, kind: NameKind): string;
}

/** Marks the number of a pseudonym that is set already. */
const OPEN = "\uE000";
const CLOSE = "\uE001";

/** ARNs and URLs are replaced as a whole, before the names in them. */
const LINK = /(?<arn>arn:[\w-]+:[\w-]+:[^\s"'(),;\]]+)|(?<url>[a-z][a-z0-9+]{1,9}:\/\/[^\s"'()<>]+)/giu;

const TOKEN =
  /(?<kept>\uE000\d+\uE001|\[redacted:[a-z0-9-]+\]|<[a-z*]{1,20}>|\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{1,4}[/-]\d{1,2}[/-]\d{2,4}|\d{1,2}:\d{2}(?::\d{2})?(?![\w:]))|(?<word>[\p{L}\p{N}_$@]+(?:[-.][\p{L}\p{N}_$@]+)*)/giu;

/** Numbers with their unit; longer ones could identify somebody. */
const NUMBER = /^\d{1,9}(?:\.\d{1,20})*(?:e[+-]?\d{1,3}|[a-z%]{1,5})?$/i;
const VERSION = /^v?\d{1,8}(?:\.\d{1,8}){1,3}(?:-(?:rc|alpha|beta|build|hotfix)?\.?\d{0,6})?$/i;
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}$/;
const DOCUMENTATION = /^https:\/\/docs\.aws\.amazon\.com\//;

/** The pieces of a setting: pseudonyms, letters with digits, words of any case, numbers. */
const PIECES =
  /\uE000\d+\uE001|\[redacted:[a-z0-9-]+\]|(?<![\p{L}\p{N}])(?=\p{L}*\d)(?=\d*\p{L})[\p{L}\d]+|\d{8,}|\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\d+|[\p{L}\p{M}]+/gu;

function isSettingPiece(piece: string): boolean {
  return /^[\uE000[]|^\d{1,7}$|^\p{L}$/u.test(piece) || isSettingWord(piece) || isSized(piece);
}

/** `512m`, `Xmx512m`. */
function isSized(text: string): boolean {
  const match = /^(\p{L}{2,})?\d{1,7}(?:[kmg]i?b?)?$/iu.exec(text);
  return match !== null && (match[1] === undefined || isSettingWord(match[1]));
}

/** Prefixes of ARNs' resources, and the kind of their next part. */
const PREFIXES: Readonly<Record<string, NameKind>> = {
  alarm: "alarm",
  "ecs-svc": "id",
  cluster: "cluster",
  instance: "id",
  listener: "load-balancer",
  loadbalancer: "load-balancer",
  "log-group": "log-group",
  repository: "image",
  role: "role",
  secret: "secret",
  service: "cluster",
  "service-deployment": "cluster",
  "service-revision": "cluster",
  targetgroup: "target-group",
  task: "cluster",
  "task-definition": "definition",
  user: "person",
};

/**
 * Creates the anonymiser. `names` should know every name already; otherwise a name in a text before its field becomes
 * a word.
 */
export function createTextAnonymiser(names: Names): TextAnonymiser {
  let pattern: RegExp | undefined;
  let patternSize = -1;

  /** Replaces known names, the longest first, so that a name within a longer one does not split it. */
  function mark(text: string, set: string[]): string {
    if (names.size() !== patternSize) {
      patternSize = names.size();
      pattern = wholeNames(names.telling());
    }
    if (pattern === undefined) return text;
    return text.replace(pattern, (found) => {
      set.push(names.known(found) ?? names.of("name", found));
      return `${OPEN}${set.length - 1}${CLOSE}`;
    });
  }

  function restore(text: string, set: readonly string[]): string {
    return text.replace(/\uE000(\d+)\uE001/g, (_, index: string) => set[Number(index)] ?? "");
  }

  /** Keeps redaction tokens, whatever names there are. */
  function clean(text: string): string {
    return textFor("export", text.replace(/[\uE000\uE001]/g, ""));
  }

  function text(sentence: string): string {
    const set: string[] = [];
    const hold = (pseudonym: string) => `${OPEN}${set.push(pseudonym) - 1}${CLOSE}`;
    const linked = clean(sentence)
      .replace(LINK, (found, linkedArn: string | undefined) =>
        DOCUMENTATION.test(found)
          ? hold(found)
          : ended(found, (link) => hold(linkedArn === undefined ? names.of("url", link) : arn(link))),
      )
      // AWS writes a service's name like this, and the name may be an ordinary word.
      .replace(/\(service ([\w-]{1,255})\)/g, (whole, name: string) => {
        const pseudonym = names.known(name);
        return pseudonym === undefined ? whole : `(service ${hold(pseudonym)})`;
      });
    const anonymised = mark(linked, set).replace(TOKEN, (found, kept: string | undefined) =>
      kept === undefined ? word(found) : found,
    );
    return restore(anonymised, set);
  }

  /** Keeps the sentence's punctuation outside of the name. */
  function ended(found: string, anonymise: (found: string) => string): string {
    const end = /[.,:;]+$/.exec(found)?.[0] ?? "";
    return anonymise(found.slice(0, found.length - end.length)) + end;
  }

  function word(found: string): string {
    if (NUMBER.test(found)) return found;
    if (VERSION.test(found) || isPublicWord(found)) return found;
    if (isSized(found)) return found;
    return names.known(found) ?? names.of(HOST.test(found) ? "host" : "word", found);
  }

  function setting(value: string): string {
    const set: string[] = [];
    const marked = mark(clean(value), set);
    const anonymised = marked.replace(PIECES, (found) =>
      isSettingPiece(found) ? found : (names.known(found) ?? names.of("word", found)),
    );
    return restore(anonymised, set);
  }

  function arn(value: string): string {
    const match = /^arn:([\w-]+):([\w-]*):([\w-]*):([^:]*):(.+)$/s.exec(value);
    if (match === null) return names.of("resource", value);
    const [, partition, service = "", region, account = "", resource = ""] = match;
    const kind = service === "s3" ? "resource" : "name";
    return ["arn", partition, service, region, names.of("account", account), path(resource, kind)].join(":");
  }

  function path(value: string, kind: NameKind): string {
    // `app` and `net` are kinds of load balancers, and also common names of containers.
    const parts = value.replace(/^(loadbalancer\/|)(?:app|net)\/(?=[^/]+\/)/, "$1").split(/([/:])/);
    const [first = ""] = parts;
    const prefixed = Object.hasOwn(PREFIXES, first) && parts.length > 1;
    const kinds = prefixed ? kindsOf(first) : [];
    let at = 0;
    return parts
      .map((part, index) => {
        const separates = index % 2 === 1 || part === "" || part === "*";
        if (separates || (prefixed && index === 0)) return part;
        const own = kinds[at++] ?? kind;
        return /^\d{1,7}$/.test(part) ? part : names.of(own, part);
      })
      .join("");
  }

  return {
    text,
    setting,
    arn,
    path,
    template(value) {
      const set: string[] = [];
      return restore(mark(clean(value), set), set);
    },
  };
}

/** Returns what the parts after a prefix name: `task/CLUSTER/ID`, `service-deployment/CLUSTER/SERVICE/ID`. */
function kindsOf(prefix: string): NameKind[] {
  const first = PREFIXES[prefix] ?? "name";
  if (prefix === "task") return [first, "task"];
  return prefix.startsWith("service") ? [first, "service", "id"] : [first, "id"];
}

/** Returns a pattern that matches any of the names as a whole word, the longest first; undefined without names. */
export function wholeNames(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined;
  const longest = names.toSorted((one, other) => other.length - one.length).map(escaped);
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${longest.join("|")})(?![\\p{L}\\p{N}_-])`, "giu");
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
