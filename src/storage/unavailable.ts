/** What a read rejects with when the store cannot answer now; the message says why. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}
