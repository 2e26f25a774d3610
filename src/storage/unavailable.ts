/** What a read rejects with when the store cannot answer now; the message says why. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}

/** The words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
