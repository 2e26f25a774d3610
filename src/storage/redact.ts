import type { EntryBody } from '../core/model/entries.ts';

/** A copy of an entry without its message's text or its verifier; other entries are returned as they are (STORE-10, STORE-53). */
export function redacted(body: EntryBody): EntryBody {
  switch (body.type) {
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted':
      return { ...body, message: { ...body.message, text: '' } };
    case 'password-set':
      return { ...body, verifier: '' };
    default:
      return body;
  }
}
