/**
 * All that a process started by a test has of this one's environment: PATH, and the folder of Node's compile cache,
 * without which each of hundreds of processes compiles the same modules again.
 */
export function childEnvironment(): Record<string, string> {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) };
}
