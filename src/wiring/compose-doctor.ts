/** Config -> the readers of `doctor` and `init`. Nothing here acts, and nothing is connected before it is needed. */
import { existsSync } from "node:fs";
import { createAwsAdapters } from "../adapters/aws/index.ts";
import { createAwsInspection } from "../adapters/aws/inspect/index.ts";
import { createModelProbe } from "../adapters/openrouter/probe.ts";
import { createSlackApi } from "../adapters/slack-app/slack-api.ts";
import { createSlackProbe } from "../adapters/slack-app/slack-probe.ts";
import { createPoster } from "../adapters/slack-webhook/poster.ts";
import { ANSWER_SCHEMA_NAME, FIRST_ANSWER_SCHEMA } from "../diagnosis/llm/answer-schema.ts";
import type { DoctorPorts } from "../doctor/examination.ts";
import type { ModelProbe, StoreProbe } from "../doctor/ports.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import { valueFor } from "../domain/exit.ts";
import type { Config } from "./config.ts";
import { openStore } from "./open-store.ts";
import { createServiceReader } from "./read-service.ts";
import { auditKeyOf } from "./wire-audit.ts";

export function composeDoctor(config: Config): DoctorPorts {
  const { region, endpoint } = config.aws;
  const settings = { region, ...(endpoint === undefined ? {} : { endpoint }) };
  const { ecs, metrics, loadBalancers, scaling, actionLogs } = createAwsAdapters(settings);
  return {
    ...createAwsInspection(settings),
    ecs,
    metrics,
    loadBalancers,
    actionLogs,
    scaling,
    evidence: createServiceReader(config),
    record: async (since, now) => {
      const store = openStore(config);
      try {
        return { history: await store.actionsSince(since), pauses: await store.pauses(now) };
      } finally {
        store.close();
      }
    },
    model: modelOf(config),
    slackApp: config.slackApp && createSlackProbe(config.slackApp),
    store: storeOf(config),
    post: posterOf(config),
    now: () => new Date(),
  };
}

function modelOf(config: Config): ModelProbe | undefined {
  const { apiKey, baseUrl } = config.model;
  if (config.diagnoser === "rules" || apiKey === undefined) return undefined;
  const budgetUsd = config.policy.limits.modelBudgetUsd;
  const question = { schemaName: ANSWER_SCHEMA_NAME, schema: FIRST_ANSWER_SCHEMA };
  return createModelProbe({ apiKey, baseURL: baseUrl, budgetUsd, ...question });
}

/** Writes one small record a day: a claim, the write that every action depends on. */
function storeOf(config: Config): StoreProbe {
  return {
    async writeAndReadBack(now) {
      const started = performance.now();
      const store = openStore(config);
      try {
        const at = now.toISOString();
        const key = `doctor/${at.slice(0, 10)}`;
        await store.claim(key, at);
        if (await store.claim(key, at)) throw forgetful();
        await store.list({ limit: 1 });
        await store.open();
        const milliseconds = Math.round(performance.now() - started);
        const sealed = (await store.newestSeal()) !== undefined;
        return { milliseconds, unsealable: await unsealable(config, sealed) };
      } finally {
        store.close();
      }
    },
    async undelivered() {
      const store = openStore(config);
      try {
        const { summaries } = await store.summaries({ limit: UNDELIVERED_AMONG });
        return summaries.flatMap(({ id: incidentId, undelivered = [] }) =>
          undelivered.map((one) => ({ ...one, incidentId })),
        );
      } finally {
        store.close();
      }
    },
  };
}

/** Reads the key, which is made only for a store without a seal. */
async function unsealable(config: Config, sealed: boolean): Promise<OpsAgentError | undefined> {
  const key = auditKeyOf(config);
  const isMade = !sealed && config.auditKey.kind === "file" && !existsSync(config.auditKey.path);
  if (key === undefined || isMade) return undefined;
  return key.publicKey().then(() => undefined, asOpsAgentError);
}

/** So many of the newest incidents are looked at. */
const UNDELIVERED_AMONG = 500;

function forgetful(): OpsAgentError {
  return new OpsAgentError({
    code: "store-failed",
    message: "The store took a record and did not give it back: the same claim was granted twice.",
    remedy: "Do not use this store: actions would be made twice. Check that OPSAGENT_STORE is one database.",
  });
}

/** Fewer tries than for an incident, since a person waits. */
function posterOf({ slackApp, slackWebhookUrl }: Config): DoctorPorts["post"] {
  const pace = { maxAttempts: 2, maxWaitMs: 5_000 };
  const messageOf = (text: string) =>
    valueFor("person", { text, blocks: [{ type: "section", text: { type: "plain_text", text } }] });
  if (slackApp !== undefined) {
    const { channel, ...rest } = slackApp;
    const api = createSlackApi({ ...rest, ...pace });
    return async (text) => {
      await api.call("chat.postMessage", { channel, ...messageOf(text) });
    };
  }
  if (slackWebhookUrl === undefined) return undefined;
  return (text) => createPoster({ url: slackWebhookUrl, ...pace })(messageOf(text));
}
