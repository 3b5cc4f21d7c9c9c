import { existsSync } from "node:fs";
import type { DoctorPorts } from "../../../doctor/examination.ts";
import type { ClusterReading } from "../../../doctor/ports.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import { textFor } from "../../../domain/exit.ts";
import { alarmCommands } from "../../../init/alarm-commands.ts";
import { look, type Seen } from "../../../init/look.ts";
import { type MissingAlarm, missingAlarms } from "../../../init/missing-alarms.ts";
import { proposePolicy } from "../../../init/propose-policy.ts";
import { composeDoctor } from "../../../wiring/compose-doctor.ts";
import type { Config } from "../../../wiring/config.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { EXIT } from "../exit-code.ts";
import { isThere, writeOutput } from "../output-file.ts";
import { complain, print, printJson, usableConfig } from "../terminal.ts";
import type { InitFlags } from "./init-flags.ts";

/**
 * Looks, writes the policy file, and prints what is missing. Returns the exit code. Throws `config-invalid` for a file
 * that is there, a cluster that is not, or one of several that was not chosen.
 */
export async function initCommand(flags: InitFlags): Promise<number> {
  if (flags.out !== "-" && existsSync(flags.out) && !flags.force) throw isThere(flags.out);
  const config = usableConfig(readConfig({ overrides: { OPSAGENT_POLICY: undefined } }));
  const ports = composeDoctor(config);
  const cluster = await clusterOf(flags.cluster ?? config.cluster, config, ports);
  const seen = await look(cluster, config.aws.region, ports);
  const topic = flags.topic ?? seen.topic ?? PLACEHOLDER;
  const missing = missingAlarms(seen, topic);
  const policy = proposePolicy(seen, missing, ports.now().toISOString());
  if (flags.out !== "-") writeOutput(flags.out, textFor("person", policy), flags);
  const commands = alarmCommands(missing, config.aws.region);
  if (flags.json) {
    printJson({
      schemaVersion: 1,
      account: seen.account,
      region: seen.region,
      cluster: cluster.name,
      services: seen.services.map(servicesView),
      ...(flags.out === "-" ? {} : { file: flags.out }),
      policy,
      missingAlarms: missing.map(({ alarm }) => alarm),
      commands,
      gaps: seen.gaps,
    });
  } else {
    tell(flags, seen, missing, commands, policy);
  }
  return EXIT.done;
}

/** To be replaced before the commands are pasted; no ARN, so that AWS refuses it if it is not. */
const PLACEHOLDER = "TOPIC_ARN";

async function clusterOf(
  wanted: string | undefined,
  { aws: { region } }: Config,
  { inventory }: DoctorPorts,
): Promise<ClusterReading> {
  const names = wanted === undefined ? await inventory.clusters() : [wanted];
  const [name] = names;
  if (name === undefined) throw noCluster(`There is no ECS cluster in ${region}.`);
  if (names.length > 1) {
    throw new OpsAgentError({
      code: "config-invalid",
      message: `There are ${names.length} clusters in ${region}: ${names.join(", ")}.`,
      remedy: "Choose one with --cluster NAME; an agent is responsible for one cluster.",
    });
  }
  const found = await inventory.cluster(name);
  if (found !== undefined && found.status === "ACTIVE") return found;
  const here = await inventory.clusters().catch(() => []);
  const others = here.length === 0 ? "none is to be seen" : `there are ${here.join(", ")}`;
  throw noCluster(`There is no active cluster "${name}" in ${region}; ${others}.`);
}

function noCluster(message: string): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message,
    remedy: "Check --cluster, AWS_REGION and whose credentials these are (`opsagent doctor` shows them).",
  });
}

function servicesView({ name, reading, limits, alarms, targetGroups }: Seen["services"][number]) {
  const { desired, running, controller } = reading;
  return {
    name,
    desired,
    running,
    controller,
    ...(limits === undefined ? {} : { autoscaling: { min: limits.min, max: limits.max } }),
    loadBalancer: targetGroups.length > 0,
    alarms: alarms.map(({ alarm }) => alarm.name),
  };
}

function tell(
  { out }: InitFlags,
  seen: Seen,
  missing: readonly MissingAlarm[],
  commands: readonly string[],
  policy: string,
): void {
  const { services, cluster, gaps } = seen;
  if (out === "-") print(policy);
  else print(`${out}: ${services.length} services of cluster ${cluster.name}, all on observe.`);
  for (const gap of gaps) complain(`Could not be read: ${gap}`);
  if (missing.length === 0) print("\nNo alarm is missing.");
  else {
    const placeholder = missing.some(({ alarm }) => alarm.AlarmActions.includes(PLACEHOLDER));
    print(
      `\n# ${missing.length} alarms are missing. Each costs about $0.10 a month. Look, then paste what you want:`,
    );
    if (placeholder)
      print(`# Replace ${PLACEHOLDER} by the topic that leads to the agent (or run again with --topic).`);
    print(commands.join("\n"));
  }
  if (out === "-") return;
  print(`\nNext: OPSAGENT_POLICY=${out} ECS_CLUSTER=${cluster.name} opsagent doctor`);
  print(`To let OpsAgent act, raise the modes of one service in ${out} to approve, later to auto:`);
  print("`opsagent scorecard` counts how often it was right, `opsagent policy explain` says what follows.");
}
