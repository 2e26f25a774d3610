/**
 * A request that failed. `status` is the service's, or 0 if there was no usable answer: then nobody knows whether the
 * request was carried out. `retryAfterMs` is how long the service asks to wait, or null.
 */
export class ListingError extends Error {
  readonly status: number;
  readonly retryAfterMs: number | null;

  constructor(status: number, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'ListingError';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}
