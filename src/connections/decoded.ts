/** The result of decoding: a message, or why it is none. After a `fatal` one the stream cannot be decoded any further. */
export type Decoded<In> =
  | { readonly ok: true; readonly message: In }
  | { readonly ok: false; readonly reason: string; readonly fatal: boolean };
