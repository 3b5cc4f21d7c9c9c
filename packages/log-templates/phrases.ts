import type { LogSignal } from "./types.ts";

/** Function words and typed tokens allowed inside a phrase: `connection to <ip> port <num> refused`. */
const GAP =
  "(?: (?:to|for|from|by|with|on|at|in|of|was|has|had|been|is|were|the|a|server|host|port|upstream|peer|<[a-z]+>)){0,8}";

const phrase = (pattern: string): RegExp =>
  new RegExp(`(?<![\\w-])(?:${pattern.replaceAll("~", GAP)})(?![\\w-])`, "gi");

/** Sayings of operating systems, databases and clouds, each with the symbol that stands for it in a template. */
export const PHRASES: readonly (readonly [pattern: RegExp, symbol: string])[] = [
  [phrase("connect(?:ion)?~ refused|refused(?: to| the)? connect(?:ion)?"), "connection-refused"],
  [phrase("connect(?:ion)?~ reset(?: by peer)?|reset by peer"), "connection-reset"],
  [phrase("connect(?:ion)?~ (?:timed out|timeout)"), "connection-timeout"],
  [phrase("connection~ (?:closed|lost|terminated|aborted|dropped)(?: unexpected)?"), "connection-lost"],
  [
    phrase("(?:failed|unable|cannot|could not) to connect|(?:cannot|could not|failed to) connect"),
    "cannot-connect",
  ],
  [
    phrase(
      "(?:sorry )?too many(?: open)? (?:connections|clients)(?: already)?|remaining connection slots(?: are)? reserved",
    ),
    "connection-limit",
  ],
  [
    phrase("(?:max|maximum)(?: number of)? (?:client )?connections(?: limit)? (?:reached|exceeded)"),
    "connection-limit",
  ],
  [phrase("connection(?: is)? not available(?: request timed out)?"), "pool-timeout"],
  [phrase("limit of size <num> overflow <num> reached"), "pool-exhausted"],
  [phrase("pool~ (?:exhausted|empty|full)|exhausted pool"), "pool-exhausted"],
  [
    phrase("(?:timed out|timeout)~ (?:acquiring|acquire|waiting|getting)~ connection(?: from~ pool)?"),
    "pool-timeout",
  ],
  [phrase("waiting~ (?:client|connection|resource)~ pool"), "pool-timeout"],
  [phrase("too many open files"), "file-limit"],
  [phrase("service(?: temporarily)? unavailable|temporarily unavailable"), "service-unavailable"],
  // The code of gRPC and HTTP/2 clients; in small letters it is any thing that is not there.
  [/(?<![\w-])UNAVAILABLE(?![\w-])/g, "service-unavailable"],
  [
    phrase(
      "(?:answered|replied|responded|returned)~ (?:status |code |http )*5\\d\\d|(?:request failed|unexpected|bad|invalid|non-2xx)~ (?:response )?(?:status )(?:code )?5\\d\\d|5\\d\\d server error",
    ),
    "upstream-5xx",
  ],
  [phrase("prematurely closed connection|closed~ connection~ prematurely"), "closed-early"],
  [phrase("socket hang up"), "hang-up"],
  [phrase("other side closed"), "connection-lost"],
  [phrase("exec format error"), "exec-format"],
  [phrase("(?:OOM|OutOfMemoryError) command not allowed(?: when used memory)?"), "cache-full"],
  [phrase("cannot find module|module not found"), "module-missing"],
  [
    phrase(
      "(?:could not|unable to|failed to|cannot) resolve placeholder|field required|attribute~ not specified",
    ),
    "missing-setting",
  ],
  [
    phrase(
      "too many requests|rate (?:limit )?exceeded|rate limit(?: reached)?|request rate(?: is)? (?:too )?(?:high|large|exceeded)",
    ),
    "rate-exceeded",
  ],
  [phrase("(?:disk|storage|volume|filesystem|inode|file) quota~ exceeded"), "disk-full"],
  [phrase("quota~ exceeded|exceeded~ quota"), "quota-exceeded"],
  [
    phrase(
      "no space left(?: on device)?|disk(?: is)? full|not enough (?:disk )?space|insufficient (?:disk )?space",
    ),
    "disk-full",
  ],
  [
    phrase("out of memory|(?:cannot|could not|unable to|failed to) allocate memory|insufficient memory"),
    "memory-exhausted",
  ],
  [phrase("heap limit|heap space|heap out of memory"), "heap-limit"],
  [phrase("memory limit(?: exceeded| reached)?|exceeded~ memory(?: limit)?"), "memory-limit"],
  [phrase("certificate~ (?:expired|not valid|invalid)|expired certificate"), "certificate-expired"],
  [
    phrase("(?:unable to|cannot|could not|failed to) verify(?: the)?(?: first| leaf)? certificate"),
    "certificate-untrusted",
  ],
  [
    phrase(
      "certificate(?: signed by)? unknown(?: authority)?|self signed certificate|certificate~ (?:verification|validation) failed|certificate~ (?:untrusted|not trusted)",
    ),
    "certificate-untrusted",
  ],
  [
    phrase(
      "(?:no such host|name or service not known|name resolution(?: failure| failed)?|(?:failed|unable|cannot|could not)(?: to)? resolve(?: host| hostname)?|host(?:name)?~ not found|unknown (?:mysql )?(?:server )?host)",
    ),
    "unknown-host",
  ],
  [phrase("(?:access|permission)(?: is| was)? denied"), "access-denied"],
  [phrase("not authorized|unauthorized"), "not-authorized"],
  [
    phrase("authentication failed|password authentication failed|invalid credentials"),
    "authentication-failed",
  ],
  [phrase("deadline exceeded|timed out|time out"), "timed-out"],
  [phrase("broken pipe"), "broken-pipe"],
  [phrase("no route to host|network(?: is)? unreachable|host(?: is)? unreachable"), "host-unreachable"],
  [phrase("address already in use|port~ already in use"), "address-used"],
  [phrase("no such file(?: or directory)?|file~ not found"), "file-missing"],
  [
    phrase(
      "(?:required|missing) (?:environment |env )?(?:variable|variables|setting|configuration|parameter|property|secret|key)|(?:environment )?variable~ (?:not set|required|missing|unset|undefined|not found|empty)|(?:secret|setting|property|configuration|config|parameter)~ (?:not set|required|missing|unset|undefined)|(?:could not|unable to|failed to|cannot) resolve placeholder|KeyError <setting>|<setting> (?:is |must be )?(?:not set|not defined|undefined|required|missing|unset|empty|set)",
    ),
    "missing-setting",
  ],
  [phrase("health check~ failed|failed~ health checks?|unhealthy"), "failed-check"],
  [phrase("segmentation fault|segfault"), "segfault"],
  [phrase("deadlock~ detected|deadlock found"), "deadlock-detected"],
];

/** Replaces phrases by their symbols in abstracted words. */
export function replacePhrases(words: string): string {
  let out = words;
  for (const [pattern, symbol] of PHRASES) out = out.replace(pattern, `=${symbol}`);
  return out;
}

/** Marks a phrase's symbol between abstraction and output. */
export const SYMBOL_MARK = "=";

const SIGNALS: readonly (readonly [signal: LogSignal, pattern: RegExp])[] = [
  [
    "out-of-memory",
    /=memory-exhausted|=heap-limit|=memory-limit|\bOutOfMemoryError|\bMemoryError|\bENOMEM|\bOOM(?:Killed)?\b|\boom\b.*\bkilled|\bmemory\b.*\b(?:exhausted|killed)/,
  ],
  ["disk-full", /=disk-full|\bENOSPC|\bEDQUOT/],
  ["too-many-connections", /=connection-limit|=file-limit|=pool-|\bEMFILE|\bENFILE/],
  [
    "certificate",
    /=certificate-|\bCERT_|_CERT\b|\bSSL\w*(?:Exception|Error)|\bCertificate\w+Exception|\bcertificate\b.*\b(?:failed|error|unknown|invalid|expired|mismatch|untrusted)|\b(?:failed|error|invalid|expired|cannot|bad)\b.*\bcertificate\b|\bpkix\b|\bERR_(?:TLS|SSL|CERT)\w*|\bSSL_ERROR\w*|\b(?:tls|ssl)\b.*\b(?:handshake|failed|error|failure)/,
  ],
  [
    "dns",
    /=unknown-host|\bENOTFOUND|\bEAI_|\bUnknownHostException|\bNXDOMAIN|\bSERVFAIL|\bdns\b.*\b(?:failed|failure|error|timeout|timed)/,
  ],
  [
    "throttled",
    /=rate-exceeded|=quota-exceeded|\bthrottl|\bThrottl|\bTooManyRequests|\bRateLimit|\bRequestLimitExceeded|\bSlowDown|ThroughputExceeded|\bRESOURCE_EXHAUSTED|(?:status|code|http|response) 429\b/,
  ],
  [
    "permission",
    /=access-denied|=not-authorized|=authentication-failed|\bEACCES|\bEPERM|\bAccessDenied|\bPermissionError|\bPERMISSION_DENIED|\bUNAUTHENTICATED|\bUnrecognizedClient|\bExpiredToken|\bNoCredentials|\bforbidden|\bunauthenticated|(?:status|code|http|response) 40[13]\b/,
  ],
  ["connection-refused", /=connection-refused|\bECONNREFUSED|\bConnectionRefusedError|\bConnectException/],
  [
    "timeout",
    /=timed-out|=connection-timeout|\bETIMEDOUT|\bESOCKETTIMEDOUT|Timeout(?:Error|Exception)?\b|\bDEADLINE_EXCEEDED|\btimeout\b|(?:status|code|http|response) 504\b/,
  ],
  ["wrong-architecture", /=exec-format/],
  [
    "missing-configuration",
    /=missing-setting|=module-missing|\bImproperlyConfigured|\bConfig(?:uration)?Error/,
  ],
  ["exception", /Error\b|Exception\b|\bpanic\b|=segfault|\bexception\b|\bThrowable/],
];

/** Returns the class of problem of abstracted words whose phrases are replaced. */
export function signalOf(words: string): LogSignal | undefined {
  return SIGNALS.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Whether the words name a fault: an informative line may mention a timeout without having one. */
export function namesFault(words: string): boolean {
  return /=|\bE[A-Z]{4,}\b|Error\b|Exception\b|\b(?:failed|failure|error|refused|denied|exceeded|exhausted|killed|timed|expired|unreachable|unavailable|rejected|aborted|throttled|panic|fatal)\b|(?:status|code) [45]\d\d\b/.test(
    words,
  );
}
