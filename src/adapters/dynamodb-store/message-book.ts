import type { MessageBook } from "../../domain/ports.ts";
import { collected } from "./concurrently.ts";
import { textField } from "./decide.ts";
import { keyPart } from "./keys.ts";
import type { Table } from "./table.ts";

/** One item for each reference; the last one noted stands. */
export function createMessageBook(table: Table): MessageBook {
  const listOf = (incidentId: string) => `messages-of#${keyPart(incidentId)}`;
  return {
    messagesOf: async (incidentId) => {
      const items = await collected(table.query({ pk: listOf(incidentId) }));
      return Object.fromEntries(items.map((item) => [textField(item, "name"), textField(item, "reference")]));
    },

    noteIncidentMessage: (incidentId, name, reference) =>
      table.put({ pk: listOf(incidentId), sk: keyPart(name), name, reference }),
  };
}
