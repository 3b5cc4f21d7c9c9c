/** A button press as Slack sends it, signed as Slack signs it. */
import { createHmac } from "node:crypto";
import type { Approval } from "../../src/domain/approval.ts";

export interface Press {
  readonly secret: string;
  /** Epoch seconds. */
  readonly timestamp: number | string;
  readonly user?: string;
  readonly action?: string;
  readonly value?: string;
  readonly responseUrl?: string;
  /** Instead of the form of a press. */
  readonly body?: string;
}

export function pressOf(approval: Approval): string {
  return `${approval.id}.${approval.planHash}`;
}

/** A request's method, headers and raw body. */
export function slackPress(press: Press): { method: "POST"; headers: Record<string, string>; body: string } {
  const payload = {
    type: "block_actions",
    user: { id: press.user ?? "U0ALLOWED1", username: "ann", team_id: "T0" },
    api_app_id: "A0",
    trigger_id: "1.2.3",
    actions: [
      {
        type: "button",
        action_id: press.action ?? "opsagent-approve",
        block_id: "b",
        value: press.value ?? "",
      },
    ],
    response_url: press.responseUrl,
  };
  const body = press.body ?? new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": String(press.timestamp),
      "x-slack-signature": slackSignature(press.secret, press.timestamp, body),
    },
    body,
  };
}

export function slackSignature(secret: string, timestamp: number | string, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}
