/** A message's channel and timestamp, which identify it. */
export interface Place {
  /** The channel's id. */
  readonly channel: string;
  readonly ts: string;
}

/** Formats the reference as `channel:ts`, as it is stored. */
export function placeText({ channel, ts }: Place): string {
  return `${channel}:${ts}`;
}

export function readPlace(reference: string | undefined): Place | undefined {
  const [, channel, ts] = /^([^:]+):([\d.]+)$/.exec(reference ?? "") ?? [];
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}
