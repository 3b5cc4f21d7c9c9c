import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Authority, createAuthority } from "../demo/certificate.ts";
import { demoProgram } from "../demo/images.ts";
import { type NameServer, startNameServer } from "../demo/name-server.ts";
import type { Injection } from "./injection.ts";
import type { ScenarioExternal } from "./scenario.ts";

type Change = Extract<Injection, { kind: "external" }>;

/** What runs outside of the cluster of a scenario. */
export interface Externals {
  /** For `${...}` in the scenario: `<name>.url`, `<name>.address`, `<name>.ca`, and `names` for the name server. */
  readonly values: ReadonlyMap<string, string>;
  change(change: Change): void;
  stop(): Promise<void>;
}

interface Running {
  readonly declared: ScenarioExternal;
  readonly child: ChildProcess;
  readonly host: string;
}

/** Starts the externals of a scenario and a name server for their hosts. */
export async function startExternals(declared: readonly ScenarioExternal[]): Promise<Externals> {
  const names = await startNameServer();
  const authority = declared.some((one) => one.tls) ? createAuthority("Partner Root CA") : undefined;
  const running: Running[] = [];
  const values = new Map([["names", names.address]]);
  for (const one of declared) {
    const host = one.host ?? `${one.name}.partner.example`;
    const { child, port } = await start(one, host, authority);
    running.push({ declared: one, child, host });
    names.set(host, true);
    values.set(`${one.name}.address`, `127.0.0.1:${port}`);
    values.set(`${one.name}.url`, `${one.tls ? "https" : "http"}://${host}:${port}`);
    if (one.tls && authority) values.set(`${one.name}.ca`, authority.certificate);
  }

  return {
    values,
    change(change) {
      const found = running.find((one) => one.declared.name === change.name);
      if (!found) throw new Error(`There is no external ${change.name}.`);
      apply(change, found, names, authority);
    },
    async stop() {
      names.close();
      await Promise.all(running.map(({ child }) => end(child)));
    },
  };
}

function apply(change: Change, found: Running, names: NameServer, authority: Authority | undefined): void {
  const { kind: _kind, name: _name, resolves, certificateSeconds, gone, ...told } = change;
  if (resolves !== undefined) names.set(found.host, resolves);
  if (gone) found.child.kill("SIGKILL");
  const issued =
    certificateSeconds === undefined
      ? undefined
      : authority?.issue(found.host, new Date(Date.now() + certificateSeconds * 1000));
  // A host that is taken down closes its connections, since clients with a kept connection do not resolve its name.
  const hangUp = change.hangUp ?? resolves === false;
  if (found.child.connected) found.child.send({ ...told, ...issued, hangUp });
}

async function start(
  declared: ScenarioExternal,
  host: string,
  authority: Authority | undefined,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const program = demoProgram(declared.kind === "database" ? "database.ts" : "partner.ts");
  const [file, ...argv] = program.argv;
  const dayMs = 86_400_000;
  const credential = declared.tls ? authority?.issue(host, new Date(Date.now() + dayMs)) : undefined;
  const child = spawn(file, argv, {
    env: {
      PATH: process.env["PATH"],
      ...program.environment,
      MAX_CONNECTIONS: String(declared.maxConnections),
      ...(credential ? { CERTIFICATE: credential.certificate, KEY: credential.key } : {}),
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [message] = (await once(child, "message")) as [{ readonly port: number }];
  if (declared.slow !== undefined) child.send({ slow: declared.slow });
  return { child, port: message.port };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
