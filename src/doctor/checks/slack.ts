import { type Check, type Finding, failed, ok, skipped, warning } from "../check.ts";
import type { DoctorPorts, Examination } from "../examination.ts";
import type { SlackProbe } from "../ports.ts";

const TEST_LINE = "OpsAgent doctor: this is a test, nothing happened. Incidents are reported here.";
const CHANNEL_ID = /^[CDG][A-Z0-9]{6,}$/;
const NO_POST = "`opsagent doctor --post` posts one line of test to prove it.";

export const slack: Check = {
  id: "slack",
  area: "people",
  does: "Slack takes the token, which may post, and the app is in the channel. A webhook can only be tried by posting: `--post` does so, in both ways of use.",
  remedy: "See docs/configuration.md, Slack: the app needs chat:write and a place in the channel.",
  async run(examination) {
    const { config, ports } = examination.configured();
    if (config.slackApp !== undefined && ports.slackApp !== undefined) {
      const about = await appFindings(ports.slackApp, config.slackApp.channel);
      return [...about, ...(await posted(examination, ports))];
    }
    if (config.slackWebhookUrl === undefined) {
      return warning(
        "Slack is not set up: people learn of an incident only from the store",
        "Set SLACK_WEBHOOK_URL, or SLACK_BOT_TOKEN and SLACK_CHANNEL.",
      );
    }
    const done = await posted(examination, ports);
    return done.length > 0 ? done : skipped("A webhook cannot be tried without posting.", NO_POST, "webhook");
  },
};

async function appFindings(app: SlackProbe, channel: string): Promise<Finding[]> {
  const { team, bot, scopes } = await app.identity();
  const may = scopes?.includes("chat:write");
  const token =
    may === false
      ? failed(
          `the token of ${bot} in ${team} lacks the scope chat:write`,
          "Give the Slack app the scope chat:write, then reinstall it in the workspace.",
          "token",
        )
      : ok(`${bot} in ${team}${may ? ", may post" : ""}`, "token");
  if (!CHANNEL_ID.test(channel)) {
    const seen = `SLACK_CHANNEL is a name (${channel}), which breaks when the channel is renamed`;
    return [
      token,
      warning(seen, "Set it to the channel's id (C...), at the end of the channel's details.", "channel"),
    ];
  }
  const member = await app.isMember(channel);
  if (member === undefined) {
    return [
      token,
      skipped("Whether the app is in the channel cannot be asked without channels:read.", NO_POST, "channel"),
    ];
  }
  return [
    token,
    member
      ? ok(`the app is in ${channel}`, "channel")
      : failed(`the app is not in ${channel}`, "Invite it into the channel: /invite @its-name.", "channel"),
  ];
}

/** Throws `slack-failed`. */
async function posted({ given }: Examination, { post }: DoctorPorts): Promise<Finding[]> {
  if (!given.post || post === undefined) return [];
  await post(TEST_LINE);
  return [ok("a test line was posted", "post")];
}
