/** Sentences without the names in them: known names by their pseudonyms, unknown words too, public words as they are. */
import { redact } from "../../../packages/redaction/index.ts";
import type { NameKind, Names } from "./names.ts";
import { isPublicWord, isSettingWord } from "./public-vocabulary.ts";

export interface TextAnonymiser {
  /** A sentence of anybody's. */
  text(sentence: string): string;
  /** A value of a setting or the name of a metric, of which technical words and numbers stay. */
  setting(value: string): string;
  /** A text in the closed language of the log digest: only known names are taken out of it. */
  template(text: string): string;
  arn(arn: string): string;
  /** Parts between slashes and colons, each by itself; `kind` is what unknown ones are. */
  path(path: string, kind: NameKind): string;
}

/** Stands around the number of a pseudonym that is set already. */
const OPEN = "\uE000";
const CLOSE = "\uE001";

/** ARNs and addresses are told as a whole, before the names in them. */
const LINK = /(?<arn>arn:[\w-]+:[\w-]+:[^\s"'(),;\]]+)|(?<url>[a-z][a-z0-9+]{1,9}:\/\/[^\s"'()<>]+)/giu;

const TOKEN =
  /(?<kept>\uE000\d+\uE001|\[redacted:[a-z0-9-]+\]|<[a-z*]{1,20}>|\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{1,4}[/-]\d{1,2}[/-]\d{2,4}|\d{1,2}:\d{2}(?::\d{2})?(?![\w:]))|(?<word>[\p{L}\p{N}_$@]+(?:[-.][\p{L}\p{N}_$@]+)*)/giu;

/** Numbers with their unit; longer ones could be somebody's. */
const NUMBER = /^\d{1,9}(?:\.\d{1,20})*(?:e[+-]?\d{1,3}|[a-z%]{1,5})?$/i;
const VERSION = /^v?\d{1,8}(?:\.\d{1,8}){1,3}(?:-(?:rc|alpha|beta|build|hotfix)?\.?\d{0,6})?$/i;
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}$/;
const DOCUMENTATION = /^https:\/\/docs\.aws\.amazon\.com\//;

/** The pieces of a setting: what is set already, letters with digits among them, words of any case, numbers. */
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

/** Prefixes of ARNs' resources, and what their next part names. */
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

/** `names` should know every name already, else those that a text has before its field is seen become words. */
export function createTextAnonymiser(names: Names): TextAnonymiser {
  let pattern: RegExp | undefined;
  let patternSize = -1;

  /** Sets known names, the longest first, so that a name within a longer one does not break it. */
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

  /** A redaction token is no name, whatever names there are. */
  function clean(text: string): string {
    return redact(text.replace(/[\uE000\uE001]/g, ""));
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
      // AWS writes a service's name so, which may be a word like any other.
      .replace(/\(service ([\w-]{1,255})\)/g, (whole, name: string) => {
        const pseudonym = names.known(name);
        return pseudonym === undefined ? whole : `(service ${hold(pseudonym)})`;
      });
    const told = mark(linked, set).replace(TOKEN, (found, kept: string | undefined) =>
      kept === undefined ? word(found) : found,
    );
    return restore(told, set);
  }

  /** Leaves the punctuation of the sentence outside. */
  function ended(found: string, told: (found: string) => string): string {
    const end = /[.,:;]+$/.exec(found)?.[0] ?? "";
    return told(found.slice(0, found.length - end.length)) + end;
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
    const told = marked.replace(PIECES, (found) =>
      isSettingPiece(found) ? found : (names.known(found) ?? names.of("word", found)),
    );
    return restore(told, set);
  }

  function arn(value: string): string {
    const match = /^arn:([\w-]+):([\w-]*):([\w-]*):([^:]*):(.+)$/s.exec(value);
    if (match === null) return names.of("resource", value);
    const [, partition, service = "", region, account = "", resource = ""] = match;
    const kind = service === "s3" ? "resource" : "name";
    return ["arn", partition, service, region, names.of("account", account), path(resource, kind)].join(":");
  }

  function path(value: string, kind: NameKind): string {
    // `app` and `net` say what kind of load balancer it is; they are also what people call containers.
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

/** What the parts after a prefix name: `task/CLUSTER/ID`, `service-deployment/CLUSTER/SERVICE/ID`. */
function kindsOf(prefix: string): NameKind[] {
  const first = PREFIXES[prefix] ?? "name";
  if (prefix === "task") return [first, "task"];
  return prefix.startsWith("service") ? [first, "service", "id"] : [first, "id"];
}

/** Finds any of the names where it stands by itself, the longest first; undefined for no names. */
export function wholeNames(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined;
  const longest = names.toSorted((one, other) => other.length - one.length).map(escaped);
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${longest.join("|")})(?![\\p{L}\\p{N}_-])`, "giu");
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
