/** Log patterns that name a cause outside the service's own tasks. */
import type { Cause } from "../../domain/cause.ts";
import type { FactOf } from "../../domain/evidence.ts";
import { type EvidenceView, present } from "./evidence-view.ts";

type Signal = NonNullable<FactOf<"log-pattern">["data"]["signal"]>;

/** Signals of the digest, and words of its closed vocabulary. */
interface Words {
  readonly signals: readonly Signal[];
  readonly words: RegExp;
}

export const OUTSIDE = {
  "certificate-expired": {
    signals: ["certificate"],
    words: /certificate-expired|CertVerification|CertificateExpired|CERT_HAS_EXPIRED/,
  },
  "permission-denied": {
    signals: ["permission"],
    words: /AccessDenied|Unauthorized(Operation|Exception)|not-authorized/,
  },
  "dependency-throttled": { signals: ["throttled"], words: /Throttl|TooManyRequests|rate-limit|quota/i },
  "network-failure": {
    signals: ["dns"],
    words:
      /host-unreachable|network-unreachable|no-route|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UnknownHost/,
  },
  "dependency-down": {
    signals: ["connection-refused", "timeout"],
    words:
      /connection-refused|ConnectionError|ECONNREFUSED|unavailable|connection-(timeout|reset|lost)|closed-early|hang-up|ECONNRESET|cannot-connect|upstream-5xx/,
  },
} as const satisfies Partial<Record<Cause, Words>>;

/** Words of exhausted pools and descriptors, in the digest's closed vocabulary. */
export const POOL_WORDS =
  /pool-(exhausted|timeout)|connection-limit|file-limit|EMFILE|ENFILE|timeout\b.*\bpool\b|\bpool\b.*\b(idle|waiting)\b/i;

/** Returns the patterns that name the cause. */
export function outsideText(cause: Cause, view: EvidenceView): readonly FactOf<"log-pattern">[] {
  const known: Readonly<Partial<Record<Cause, Words>>> = OUTSIDE;
  const { signals, words } = known[cause] ?? { signals: [], words: /(?!)/ };
  return present([...view.logs(...signals), ...view.words(words)]).filter(
    (fact) => !POOL_WORDS.test(fact.data.template),
  );
}

/** Words of ECS's reasons that name what a start was refused, or could not reach. */
export const START_REFUSED = /AccessDenied|not authorized|no basic auth|denied|unable to assume the role/i;
export const START_UNREACHABLE =
  /i\/o timeout|connection issue|dial tcp|no such host|context deadline exceeded|network is unreachable/i;

/** Words of connections that get no answer. */
export const NO_ANSWER = /ETIMEDOUT|connect(ion)?-timeout/;
