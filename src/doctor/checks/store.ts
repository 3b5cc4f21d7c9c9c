import { type Check, ok, warning } from "../check.ts";

export const store: Check = {
  id: "store",
  area: "store",
  does: "The store takes a conditional write and gives it back (one small record a day), and its incidents can be read; the key that seals its audit trail can be read. Opening a SQLite store that is not there creates it.",
  remedy:
    "Check the path or table in OPSAGENT_STORE, the rights on it, and the disk. Without it nothing is acted on.",
  atStart: true,
  async run({ configured }) {
    const { config, ports } = configured();
    const { milliseconds, unsealable } = await ports.store.writeAndReadBack(ports.now());
    const name =
      config.store.kind === "dynamodb" ? `dynamodb:${config.store.table}` : `sqlite:${config.store.path}`;
    const works = ok(`${name} takes writes and gives them back (${milliseconds} ms)`);
    return unsealable === undefined
      ? works
      : [
          works,
          warning(`its audit trail cannot be sealed: ${unsealable.message}`, unsealable.remedy, "audit"),
        ];
  },
};
