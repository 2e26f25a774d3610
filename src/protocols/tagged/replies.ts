import { replyTo } from './readers.ts';
import type { Reply, ResultCode, Up } from './schema.ts';

/** How a request went: the result, its words, and after how many seconds it may be tried again. */
export type Outcome = { readonly result: ResultCode; readonly result_message: string; readonly retry_after?: number };

/** What a reply is to: a name of its own, and the tag of the request if that had one. */
export type Heading = { readonly reply: Reply['reply']; readonly tag?: string };

const texts = {
  200: 'Success',
  201: 'Created',
  202: 'Accepted: it waits for them',
  204: 'There is nothing to list',
  205: 'Done: drop what you hold of it',
  206: 'Some of these names are unknown',
} as const;

/** A request that went well. */
export function done(result: keyof typeof texts): Outcome {
  return { result, result_message: texts[result] }; // TAG-32
}

/** What the reply to a request is to. */
export function headingOf({ message, tag }: Pick<Up, 'message' | 'tag'>): Heading {
  return { reply: replyTo(message), ...(tag === undefined ? {} : { tag }) }; // TAG-30
}

/** A reply that says no more than how it went; where one of its name holds an array, that is empty. */
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
