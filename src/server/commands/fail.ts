/** Prints the problems on stderr, one a line, and ends the process with code 1. */
export function fail(sentences: readonly string[]): never {
  for (const sentence of sentences) process.stderr.write(`parlance: ${sentence.replaceAll(/\s+/g, ' ')}\n`);
  process.exit(1);
}
