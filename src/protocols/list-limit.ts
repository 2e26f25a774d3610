const utf8 = new TextEncoder();

/** The first names, as many as fit into `room` bytes. `written` returns the text that a name adds to its message. */
export function firstFitting(
  names: readonly string[],
  room: number,
  written: (name: string) => string,
): readonly string[] {
  let left = room;
  const end = names.findIndex((name) => (left -= utf8.encode(written(name)).length) < 0); // C2-31 CODE-29
  return end === -1 ? names : names.slice(0, end); // C2-31 CODE-29
}
