/** Prints the problems on stderr, one a line, and ends the process with code 1. */
export function fail(sentences: readonly string[]): never {
  for (const sentence of sentences) process.stderr.write(problemLine(sentence));
  process.exit(1);
}

/** A problem as one line of stderr. */
export function problemLine(sentence: string): string {
  return `parlance: ${sentence.replaceAll(/\s+/g, ' ')}\n`;
}
