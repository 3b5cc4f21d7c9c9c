import { givesAdvice } from "./advice.ts";
import type { Cluster } from "./clusters.ts";
import { addCause, copyOf } from "./clusters.ts";

/** The state of a stream: the pattern of its last line, and whether a trace is under way. */
export interface StreamState {
  /** The how manyth stream it is, from 0. */
  readonly number: number;
  head: Cluster | undefined;
  /** Whether the head had an envelope: a bare exception after it is then the one that it logged. */
  structured: boolean;
  mode: "plain" | "python" | "go";
  /** Python prints frames before the exception. */
  frame: string;
  /** The innermost cause of the head's trace so far. */
  cause: string;
  /** The head names the logger only. */
  category: boolean;
  /** The next line says what happened: Rust's panics, the causes of Rails. */
  awaits: boolean;
  /** A list of causes is under way, the innermost last: Rust's anyhow. */
  listed: boolean;
  /** The exception for which Python says that the next one came of it. */
  chained: string;
  /** The last exception of a trace in one entry. */
  earlier: string;
  headText: string;
}

const LONGEST_CAUSE = 400;
const JAVA_FRAME = /^\s*at (?:[\w.@-]{1,60}\/{1,2})?([\w.$<>]{1,200})\(([^)]{0,120})\)/;
const NODE_FRAME =
  /^\s*at (?:async )?(?:new )?(?:([^\s(]{1,100})(?: \[as [^\]]{1,60}\])? )?\(?([^()\s]{1,300}:\d+)\)?(?: \{)?\s*$/;
const PYTHON_FRAME = /^\s*File "([^"]{1,300})", line \d+, in (\S{1,100})/;
const GO_FRAME = /^([\w./*()\-[\]]{1,200}?)\.([\w.*()]{1,100})\((?:[^)]{0,200})\)$/;
/** `java.net.ConnectException: Connection refused`, printed below the line that logs it. */
const THROWN = /^(?:[a-z][\w$]*\.){1,8}[A-Z]\w{0,80}(?:Exception|Error|Throwable)(?::|$)/;
/** Frames of runtimes and frameworks, where a fault shows but was not written. */
const LIBRARY =
  /^(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|scala|org\.(?:springframework|apache|hibernate|eclipse|postgresql|jboss)|io\.(?:netty|grpc|micrometer|lettuce)|reactor|com\.(?:zaxxer|mysql|fasterxml|google|amazonaws)|runtime|net\/http|syscall|internal|System|Microsoft)[./]|node_modules|node:|^internal\/|\/(?:site|dist)-packages\/|\/lib\/python|<frozen|\/usr\/local\/go\//;

/** `Npgsql.NpgsqlException (0x80004005): Failed to connect`, as .NET prints it, indented by its console logger. */
const THROWN_DOTNET =
  /^\s*(?:[A-Z]\w{0,60}\.){1,8}[A-Z]\w{0,80}(?:Exception|Error)(?: \((?:0x[0-9A-Fa-f]{1,8}|\d{1,9})\))?: /;
/** The cause of the exception before it: Java, .NET, Node, pino. */
const CAUSED = /^\s*(?:Caused by: |caused by: |---> (?:\(Inner Exception #\d+\) )?|\[cause\]: )/;
/** `thread 'main' panicked at src/main.rs:42:10:`, and the message below (Rust 1.73 and later). */
const RUST_PANIC = /^thread '[^']{0,80}' (?:\(\d{1,9}\) )?panicked at [^']{1,200}:$/;
/** The lines of Python between two exceptions. */
const CHAIN = /^(?:The above exception was|During handling of the above)/;
const RAISED = /^[A-Za-z_][\w.]{1,120}(?:: |$)/;
/** One of several errors of Node's AggregateError, and pydantic's word for a setting that is not there. */
const NESTED = /^\s{2,}(?:[A-Z]\w{0,60}Error|Error): |^\s{2}Field required \[type=missing/;
/** What gRPC for Python prints below its error. */
const GRPC_DETAILS = /^\s*details = "(.{1,1000})"$/;
const GRPC_STATUS = /^\s*status = StatusCode\.([A-Z_]{1,40})$/;
const RUBY_FRAME = /^(?:from )?\S{1,200}\.rb:\d+:in [`'][^']{1,200}'$/;
/** Lines of traces that nothing else begins with: Java, Python, Go, Node, Rust, Ruby, PHP. */
const TRACE_LINE =
  /^(?:Caused by:|\.\.\. \d+ |at [\w.$<>/@]+\(|Suppressed: |Traceback \(most|During handling of the above|The above exception was|goroutine \d+ \[|created by |\[signal |exit status \d|}$|\^+$|note: run with `RUST|stack backtrace:|Causes:$|Stack trace:$|\[stacktrace\]|#\d+ (?:\/|\{main\}|\[internal)|Next [\w\\]{1,120}(?:Exception|Error)\b|\):$|"} ?$)/;
/** All that .NET's console logger writes on the first line: category and event id. */
const CATEGORY = /^[\w.`+]{1,200}\[\d{1,9}\]$/;

/** The characters with which {@link TRACE_LINE} begins: saves its many alternatives in most lines. */
const TRACE_STARTS: ReadonlySet<number> = new Set(
  [...'C.aSTDgc[e}^nsN#)"'].map((sign) => sign.charCodeAt(0)),
);

/** Whether a line continues the one before it in its stream. */
export function isContinuation(text: string, structured: boolean, state: StreamState): boolean {
  if (text.trim() === "") return true;
  const first = text.charCodeAt(0);
  if (first === 9 || first === 32)
    return (state.head !== undefined || state.mode === "python") && (!structured || /^\s+at /.test(text));
  if (state.awaits && !structured) return true;
  if (TRACE_STARTS.has(first) && TRACE_LINE.test(text)) return true;
  if (text.charCodeAt(text.length - 1) === 39 && RUBY_FRAME.test(text)) return true;
  if (state.structured && !structured && state.mode === "plain" && isThrown(text)) return true;
  return state.mode === "go" && GO_FRAME.test(text);
}

function isThrown(text: string): boolean {
  return THROWN.test(text) || THROWN_DOTNET.test(text);
}

/** Whether the message of the panic is on the next line. */
export function isRustPanic(text: string): boolean {
  return text.charCodeAt(text.length - 1) === 58 && RUST_PANIC.test(text);
}

/** Reads one line of a trace. */
export function followTrace(state: StreamState, text: string): void {
  if (text.startsWith("Traceback (most")) {
    state.mode = "python";
    state.frame = "";
    return;
  }
  if (state.mode === "python") {
    const python = PYTHON_FRAME.exec(text);
    if (python !== null && !LIBRARY.test(python[1] ?? ""))
      state.frame = copyOf(`${fileOf(python[1] ?? "")} ${python[2] ?? ""}`);
    return;
  }
  if (text.startsWith("goroutine ")) state.mode = "go";
  if (state.head !== undefined) describe(state, state.head, text);
}

/** Learns a trace's top own frame and its root cause. */
export function describe(state: StreamState, cluster: Cluster, text: string): void {
  if (givesAdvice(text)) return;
  const cause = causeOf(state, text);
  if (cause !== undefined) {
    cluster.traced = true;
    if (cause !== "") state.cause = cause.slice(0, LONGEST_CAUSE);
    return;
  }
  if (/^\s*Suppressed: /.test(text)) {
    cluster.traced = true;
    return;
  }
  if (isThrown(text)) {
    if (state.cause === "") state.cause = text.trimStart().slice(0, LONGEST_CAUSE);
  } else if (state.category && cluster.detail === "" && /[A-Za-z]/.test(text)) {
    cluster.detail = copyOf(text.trim().slice(0, LONGEST_CAUSE));
  }
  if (cluster.frame !== "" && cluster.traced) return;
  const frame = frameOf(text);
  if (frame === undefined) return;
  cluster.traced = true;
  if (cluster.frame === "" && !frame.library) cluster.frame = copyOf(frame.name);
}

/** Returns the cause that the line names; empty where it only announces one, undefined for any other line. */
function causeOf(state: StreamState, text: string): string | undefined {
  const caused = CAUSED.exec(text);
  if (caused !== null) return text.slice(caused[0].length);
  if (text === "Causes:") {
    state.awaits = true;
    return "";
  }
  if (text === "Caused by:") {
    state.listed = true;
    return "";
  }
  if (state.awaits && text.trim() !== "") {
    state.awaits = false;
    return text.trim();
  }
  if (state.listed) return /^\s+(?:\d+: )?(\S.*)$/.exec(text)?.[1];
  if (CHAIN.test(text)) {
    if (state.earlier === "") state.chained = state.headText;
    return state.cause === "" ? state.earlier : "";
  }
  if (RAISED.test(text)) state.earlier = text;
  if (state.cause === "" && NESTED.test(text)) return text.trim();
  const status = GRPC_STATUS.exec(text);
  if (status !== null) return state.cause === "" ? `rpc error ${status[1]}` : "";
  return GRPC_DETAILS.exec(text)?.[1];
}

/** Counts the cause of the trace that ends here. */
export function endTrace(state: StreamState): void {
  if (state.cause !== "" && state.head !== undefined) addCause(state.head, state.cause);
  state.cause = "";
}

/** Whether the first line only names the logger, so that the message is below it. */
export function isCategory(text: string): boolean {
  return text.charCodeAt(text.length - 1) === 93 && CATEGORY.test(text);
}

function frameOf(text: string): { name: string; library: boolean } | undefined {
  const java = JAVA_FRAME.exec(text);
  if (java !== null && !/[/\\]/.test(java[2] ?? "")) {
    const name = java[1] ?? "";
    return { name: `${name.split(".").slice(-2).join(".")}(${java[2] ?? ""})`, library: LIBRARY.test(name) };
  }
  const node = NODE_FRAME.exec(text);
  if (node !== null)
    return {
      name: `${node[1] ?? "<anonymous>"} (${fileOf(node[2] ?? "")})`,
      library: LIBRARY.test(node[2] ?? ""),
    };
  const go = GO_FRAME.exec(text);
  if (go !== null)
    return { name: `${fileOf(go[1] ?? "")}.${go[2] ?? ""}`, library: LIBRARY.test(`${go[1] ?? ""}.`) };
  return undefined;
}

function fileOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
