import type { IncomingMessage } from 'node:http';
import type { PersonId } from '../../core/model/ids.ts';
import { type Answer, sentence } from '../media/answer.ts';

const BEARER = /^Bearer +([^\s]+) *$/i;

/** The person whose session has this secret; null if there is none. */
export type SessionOwner = (secret: string) => PersonId | null;

/** What an upload without a valid session is answered. */
export const LOG_IN: Answer = sentence(401, 'Log in first: this session is not valid.', {
  'WWW-Authenticate': 'Bearer',
}); // SERVER-171 SERVER-261

/** The person in whose session a request is sent; null without a valid session. */
export function senderOf({ headers }: IncomingMessage, sessionOwner: SessionOwner): PersonId | null {
  const secret = BEARER.exec(headers.authorization ?? '')?.[1];
  return secret === undefined ? null : sessionOwner(secret);
}
