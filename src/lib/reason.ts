/** The message of a thrown value. */
export function reasonOf(error: unknown): string {
  // A failure on each address of a host has no message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
