import type { LogLevel } from "../types.ts";

/**
 * Infers the level of a line without one. Only what a runtime prints itself counts as an error; a line that mentions
 * a failure is a warning, since anybody may have made the program print it.
 */
export function inferLevel(text: string): LogLevel {
  const start = text.slice(0, 200);
  if (RUNTIME_FAULT.test(start)) return "error";
  return FAULT_WORD.test(start) ? "warn" : "info";
}

const RUNTIME_FAULT =
  /^\s*(?:\[?(?:Uncaught|Unhandled|Exception in thread|panic:|fatal error|Fatal|FATAL|CRITICAL|ERROR|Error|npm ERR|Traceback|Segmentation fault|Killed|PHP (?:Fatal|Parse)|thread '[^']{1,60}' panicked|exec \/\S{1,200}: |\/bin\/\w{1,20}: \d{1,5}: exec: |standard_init_linux\.go)|(?:[a-z_][\w$]*\.){0,8}_?[A-Z]\w{0,80}(?:Error|Exception)\b(?=:|$|\s*\[|\s*at\b))/;
const FAULT_WORD =
  /\b(?:E(?:CONN|TIMEDOUT|NOTFOUND|MFILE|NOSPC|PIPE|ACCES)\w*|fail(?:ed|ure)|refused|denied|exhausted|exceeded|timed out|timeout|unable|cannot|exception|error|fatal|killed|unreachable|missing|invalid|no such host|not known|already in use|out of memory|no space left)\b/i;
