/** Holds items back for a while and hands them on in the order in which they become due. */
export interface DelayLine<Item> {
  put(item: Item): void;
  /** Applies to later items; those already held keep their time. */
  setDelay(milliseconds: number): void;
  /** Passes on what is due. */
  release(): void;
}

/** Creates a line; without a delay an item is handed on as it is put. `now` answers milliseconds. */
export function createDelayLine<Item>(now: () => number, deliver: (item: Item) => void): DelayLine<Item> {
  let delay = 0;
  let held: { readonly item: Item; readonly due: number }[] = [];
  return {
    put(item) {
      if (delay === 0) deliver(item);
      else held.push({ item, due: now() + delay });
    },
    setDelay(milliseconds) {
      delay = milliseconds;
    },
    release() {
      if (held.length === 0) return;
      const at = now();
      const due = held.filter((one) => one.due <= at).toSorted((a, b) => a.due - b.due);
      held = held.filter((one) => one.due > at);
      for (const { item } of due) deliver(item);
    },
  };
}
