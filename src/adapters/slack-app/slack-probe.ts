import type { SlackProbe } from "../../doctor/ports.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { readFailure } from "./attempt.ts";
import { connect, type SlackApiOptions } from "./slack-api.ts";

/** Refusals of a call that posting does not need. */
const MAY_NOT_ASK: ReadonlySet<string> = new Set(["missing_scope", "not_allowed_token_type"]);

/** Reads a token's identity and whether its app is in a channel. Posts nothing. */
export function createSlackProbe(options: SlackApiOptions): SlackProbe {
  let connected: ReturnType<typeof connect> | undefined;

  async function ask(method: string, body: Record<string, unknown>): Promise<Answer> {
    connected ??= connect({ timeoutMs: 8_000, ...options });
    const { client, lastResponse } = await connected;
    try {
      return (await client.apiCall(method, body)) as Answer;
    } catch (error) {
      const { reason, remedy, retryable, word } = readFailure(error, lastResponse());
      const message = `Slack refused ${method}: ${reason}`.replaceAll(options.token, "[bot token]");
      throw new Refusal({ code: "slack-failed", message, remedy, retryable }, word);
    }
  }

  return {
    async identity() {
      const { team, user, response_metadata } = await ask("auth.test", {});
      const scopes = response_metadata?.scopes;
      return { team: team ?? "a team", bot: user ?? "the app", ...(scopes === undefined ? {} : { scopes }) };
    },
    async isMember(channel) {
      try {
        return (await ask("conversations.info", { channel })).channel?.is_member;
      } catch (error) {
        if (error instanceof Refusal && error.word !== undefined && MAY_NOT_ASK.has(error.word))
          return undefined;
        throw error;
      }
    },
  };
}

/** The members that are used; any may be missing. */
interface Answer {
  readonly team?: string;
  readonly user?: string;
  readonly channel?: { readonly is_member?: boolean };
  /** The library puts the header `x-oauth-scopes` here. */
  readonly response_metadata?: { readonly scopes?: readonly string[] };
}

class Refusal extends OpsAgentError {
  readonly word: string | undefined;

  constructor(options: ConstructorParameters<typeof OpsAgentError>[0], word: string | undefined) {
    super(options);
    this.word = word;
  }
}
