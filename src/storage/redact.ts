import type { EntryBody } from '../core/model/entries.ts';

/** What stands for an upload that has ended, besides its id, person, position and time. */
const ENDED = { address: '', origin: '', name: '', size: 0, type: '', digest: '' };

/** A copy of an entry without its message's text and file, its verifier or its upload; other entries stay (STORE-10, STORE-53, STORE-150). */
export function redacted(body: EntryBody): EntryBody {
  switch (body.type) {
    case 'message-posted':
    case 'message-edited':
    case 'message-deleted': {
      const { file: _file, ...message } = body.message;
      return { ...body, message: { ...message, text: '' } }; // STORE-150
    }
    case 'file-uploaded': {
      const { id, person, position, at } = body.upload;
      return { ...body, upload: { ...ENDED, id, person, position, at } }; // STORE-150
    }
    case 'password-set':
      return { ...body, verifier: '' };
    default:
      return body;
  }
}
