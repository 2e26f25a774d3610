import type { IncomingMessage } from 'node:http';
import type { PersonId } from '../../core/model/ids.ts';
import { type Answer, sentence } from '../media/answer.ts';

const BEARER = /^Bearer +([^\s]+) *$/i;

/** The person whose session has this secret; null if there is none. Rejects when storage is needed and unavailable. */
export type SessionOwner = (secret: string) => Promise<PersonId | null>;

/** What an upload without a valid session is answered. */
const LOG_IN: Answer = sentence(401, 'Log in first: this session is not valid.', {
  'WWW-Authenticate': 'Bearer',
}); // SERVER-171 SERVER-261

const UNKNOWN = sentence(503, 'Sessions cannot be checked now. Try again later.');

/** The person in whose session a request is sent, or what it is answered without a valid session. */
export async function senderOf({ headers }: IncomingMessage, sessionOwner: SessionOwner): Promise<PersonId | Answer> {
  const secret = BEARER.exec(headers.authorization ?? '')?.[1];
  if (secret === undefined) return LOG_IN;
  return sessionOwner(secret).then(
    (person) => person ?? LOG_IN,
    () => UNKNOWN,
  );
}
