import { userInfo } from "node:os";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Judgement } from "../../../domain/incident/judgement.ts";
import { EXIT } from "../exit-code.ts";
import { findIncident } from "../incidents/incidents.ts";
import { withStore } from "../open-store.ts";
import { print, printJson } from "../terminal.ts";

/** Keeps a person's word on an incident. Throws `config-invalid` for an unknown one and `store-failed`. */
export async function judgeCommand(
  incidentId: string,
  verdict: Judgement["verdict"],
  options: { note: string; by?: string; json?: boolean },
): Promise<number> {
  const by = options.by?.trim() || userName();
  const judgement: Judgement = {
    incidentId,
    verdict,
    by,
    at: new Date().toISOString(),
    note: options.note.trim(),
  };
  await withStore(async (store) => {
    await findIncident(store, incidentId);
    await store.judge(judgement);
    const { at, note } = judgement;
    await store.append([{ kind: "judged", incidentId, key: `judged:${at}:${by}`, at, verdict, by, note }]);
  });
  if (options.json) printJson(judgement);
  else print(`Noted: ${by} says ${verdict} of ${incidentId}.`);
  return EXIT.done;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    // A container may run as a user that has no entry in the list of users.
    throw new OpsAgentError({
      code: "config-invalid",
      message: "Your user name is not known here.",
      remedy: "Say who you are with --by NAME.",
      cause,
    });
  }
}
