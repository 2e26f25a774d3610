const encoder = new TextEncoder();

/**
 * Divides items into parts whose JSON has at most `maxBytes` in UTF-8, in order, each as long as it fits and at least one item. They
 * are measured one part at a time, when it is asked for.
 */
export function* jsonParts<T>(items: readonly T[], maxBytes: number): Generator<readonly T[]> {
  let start = 0;
  let bytes = 2;
  for (const [index, item] of items.entries()) {
    const size = encoder.encode(JSON.stringify(item)).length + 1;
    if (bytes + size > maxBytes && index > start) {
      yield items.slice(start, index); // WORLD-283
      start = index;
      bytes = 2;
    }
    bytes += size;
  }
  if (start < items.length) yield items.slice(start);
}
