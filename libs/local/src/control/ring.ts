/** The newest items of a sequence: adding one more than it holds drops the oldest. */
export interface Ring<Item> {
  add(item: Item): void;
  /** Oldest first. */
  items(): readonly Item[];
}

export function ring<Item>(capacity: number): Ring<Item> {
  const slots: Item[] = [];
  let next = 0;
  return {
    add(item) {
      slots[next] = item;
      next = (next + 1) % capacity;
    },
    items: () => (slots.length < capacity ? [...slots] : [...slots.slice(next), ...slots.slice(0, next)]),
  };
}
