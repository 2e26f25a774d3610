import { replyTo } from './readers.ts';
import type { Reply, ResultCode, Up } from './schema.ts';

/** The outcome of a request: its result and text, and after how many seconds the client may try again. */
export type Outcome = { readonly result: ResultCode; readonly result_message: string; readonly retry_after?: number };

/** The name of a reply, and the tag of its request, as it came, if that had one. */
export type Heading = { readonly reply: Reply['reply']; readonly tag?: unknown };

const texts = {
  200: 'Success',
  201: 'Created',
  202: 'Accepted: it waits for them',
  204: 'There is nothing to list',
  205: 'Done: drop what you hold of it',
  206: 'Some of these names are unknown',
} as const;

/** The outcome of a request that succeeded. */
export function done(result: keyof typeof texts): Outcome {
  return { result, result_message: texts[result] }; // TAG-32
}

/** The heading of the reply to a request. */
export function headingOf({ message, tag }: Pick<Up, 'message' | 'tag'>): Heading {
  return { reply: replyTo(message), ...(tag === undefined ? {} : { tag }) }; // TAG-30
}

/** A reply with only its outcome. If replies of its name hold an array, the array is empty. */
export function emptyReply({ reply, tag }: Heading, outcome: Outcome): Reply {
  const tagField = tag === undefined ? {} : { tag }; // TAG-30
  switch (reply) {
    case 'default':
    case 'login':
      return { reply, ...outcome, ...tagField }; // TAG-33
    case 'detail.users':
      return { reply, ...outcome, ...tagField, users: [] }; // TAG-33
    case 'detail.groups':
      return { reply, ...outcome, ...tagField, groups: [] }; // TAG-33
    case 'history':
      return { reply, ...outcome, ...tagField, messages: [] }; // TAG-33
  }
}
