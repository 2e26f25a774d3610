import type { EntryBody } from '../core/entries.ts';

/** The same entry without the text of its message; entries without a message stay as they are (STORE-10). */
export function redacted(body: EntryBody): EntryBody {
  switch (body.type) {
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted':
      return { ...body, message: { ...body.message, text: '' } };
    default:
      return body;
  }
}
