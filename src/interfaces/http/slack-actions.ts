/** Presses of Slack's buttons. https://docs.slack.dev/interactivity/handling-user-interaction */
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Approvals } from "../../approval/approvals.ts";
import type { BrakeControl } from "../../approval/brake-control.ts";
import { asOpsAgentError } from "../../domain/errors.ts";
import type { Logger } from "../../domain/ports.ts";
import { readButton } from "../../notification/slack/slack-approval-buttons.ts";
import { readBrakeButton } from "../../notification/slack/slack-brake.ts";
import { slackValue } from "../../notification/slack/slack-text.ts";
import { hasType, refusal, smallBody, wrongType } from "./client.ts";
import { createSignatureCheck } from "./slack-signature.ts";

const MAX_BODY_BYTES = 64 * 1_024;

/** Slack gives up after 3 s and shows the presser a warning. */
const ANSWER_WITHIN_MS = 2_500;
const REPLY_WITHIN_MS = 5_000;
/** What the reply gets at the least where nothing can be done after the answer. */
const SHORTEST_REPLY_MS = 500;

/** Of a `block_actions` payload what is used. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const Press = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1).max(64) }),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().nullish() })).min(1),
  response_url: z.string().nullish(),
});
type Press = z.infer<typeof Press>;

interface SlackActionsDependencies {
  readonly approvals: Approvals;
  readonly brake: BrakeControl;
  readonly signingSecret: string;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly fetch: typeof fetch;
  readonly frozenAfterAnswer?: boolean | undefined;
}

/** `POST /actions`: what Slack's "Interactivity Request URL" points at. Nothing is read before the signature holds. */
export function createSlackActions(deps: SlackActionsDependencies): Hono {
  const { approvals, brake, logger } = deps;
  const check = createSignatureCheck(deps.signingSecret, deps.now);
  const routes = new Hono();

  const throwSwitch = async (what: "pause" | "resume", by: string): Promise<string> => {
    try {
      const { sentence } = await brake[what]({ scope: { kind: "all" }, by, via: "slack" });
      return sentence;
    } catch (thrown) {
      const { code, message, remedy } = asOpsAgentError(thrown);
      logger.error("brake-failed", { what, code, error: message });
      const why = code === "internal" ? "" : ` ${message} ${remedy}`;
      return `OpsAgent may not have taken this:${why} Press again, or run opsagent ${what} on the command line.`;
    }
  };

  /** What the presser reads. A fault is told too: whoever pressed must know that it may not have counted. */
  const answer = async (press: Press): Promise<string> => {
    const [action] = press.actions;
    const switched = readBrakeButton(action?.action_id ?? "");
    if (switched !== undefined) return throwSwitch(switched, press.user.id);
    const button = readButton(action?.action_id ?? "", action?.value ?? "");
    if (button === undefined) return "";
    try {
      const { sentence } = await approvals.answer({ ...button, by: { channel: "slack", id: press.user.id } });
      return sentence;
    } catch (thrown) {
      const { code, message, remedy } = asOpsAgentError(thrown);
      logger.error("approval-failed", { approval: button.approvalId, code, error: message });
      return code === "internal"
        ? "OpsAgent failed to take the answer. Press again, or answer on the command line."
        : `The answer may not have been taken: ${message} ${remedy} Then press again, or answer on the command line.`;
    }
  };

  const work = async (press: Press): Promise<string> => {
    const began = performance.now();
    const said = await answer(press);
    const url = press.response_url ?? undefined;
    const left = Math.max(SHORTEST_REPLY_MS, ANSWER_WITHIN_MS - (performance.now() - began));
    const replyMs = deps.frozenAfterAnswer ? left : REPLY_WITHIN_MS;
    if (said !== "" && url !== undefined) await reply(url, said, replyMs, deps);
    return said;
  };

  routes.post("/actions", smallBody(MAX_BODY_BYTES), async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer());
    const verdict = check({
      signature: c.req.header("x-slack-signature"),
      timestamp: c.req.header("x-slack-request-timestamp"),
      body,
    });
    if (!verdict.ok) {
      logger.warn("http-refused", { path: c.req.path, reason: verdict.reason });
      return notFromSlack(c);
    }
    if (!hasType(c, FORM)) return wrongType(c, FORM);
    const press = readPress(body.toString("utf8"));
    if (press === undefined) return unreadable(c);
    // An answer that would be cut off half-way is worse than Slack's warning that it took long.
    const said = await (deps.frozenAfterAnswer ? work(press) : inTime(work(press)));
    return said === "" ? c.body(null, 200) : c.json(ephemeral(said));
  });
  return routes;
}

const FORM = "application/x-www-form-urlencoded";

/** The press, or undefined when the form's `payload` is none. */
function readPress(form: string): Press | undefined {
  try {
    return Press.parse(JSON.parse(new URLSearchParams(form).get("payload") ?? ""));
  } catch {
    return undefined;
  }
}

/** The work's answer, or a word that it is under way; the work goes on then, and replies by itself. */
async function inTime(work: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("OpsAgent is still writing the answer down."), ANSWER_WITHIN_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Only the presser sees it, and the question stays as it is. */
function ephemeral(text: string) {
  return { response_type: "ephemeral", replace_original: false, text: slackValue(text, 2_000) };
}

/**
 * Tells the presser through `response_url`, since Slack shows nothing of the answer to a button's request itself. The
 * address is Slack's word; it is used only where it is Slack's own. Failing is logged, without the address, a secret.
 */
async function reply(
  url: string,
  text: string,
  withinMs: number,
  { fetch, logger }: SlackActionsDependencies,
): Promise<void> {
  const address = URL.parse(url);
  if (address?.protocol !== "https:" || address.host !== "hooks.slack.com") {
    logger.warn("slack-reply-skipped", { reason: "the address is not Slack's" });
    return;
  }
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ephemeral(text)),
      redirect: "error",
      signal: AbortSignal.timeout(Math.ceil(withinMs)),
    });
    if (!response.ok) logger.warn("slack-reply-failed", { status: response.status });
  } catch (error) {
    logger.warn("slack-reply-failed", { reason: error instanceof Error ? error.name : "unknown" });
  }
}

/** One answer for all reasons: whoever forges learns nothing; the log has the reason. */
function notFromSlack(c: Context): Response {
  return refusal(c, 401, {
    code: "signature-invalid",
    message: "The request is not a fresh one that Slack has signed.",
    remedy:
      "Set SLACK_SIGNING_SECRET to the app's signing secret and check this machine's clock; each request counts once.",
  });
}

function unreadable(c: Context): Response {
  return refusal(c, 400, {
    code: "action-unreadable",
    message: "The request has no button press that can be read.",
    remedy: "Point only the Slack app's Interactivity Request URL at this address.",
  });
}
