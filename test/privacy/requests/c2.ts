import { upSchemas } from '../../../src/protocols/c2/schema.ts';
import type { ProtocolRequests } from '../protocol-requests.ts';

const TYPE = /^c2\/(QUERY [a-z_]+|[A-Z]+)/;
const typeOf = (frame: string) => TYPE.exec(frame)?.[1] ?? '';

export const c2: ProtocolRequests = {
  protocol: 'c2',
  types: upSchemas.map(({ properties }) => properties.type.const),
  authTypes: ['CONNECT', 'DISCONNECT'],
  refused: { UPDATE: 'the name of an account is fixed' },
  requests: ({ fay, ghost, closed, open, messages }) => [
    'c2/PING',
    'c2/QUERY active_users',
    'c2/MSG 5; hello',
    'c2/UPDATE username; Annie',
    ...[fay, ghost.real, closed.real, open].map((name) => `c2/MSG 6; /msg ${name} hello`),
    ...messages.map(({ real }) => `c2/QUERY update_message; ${real}; changed`),
  ],
  typeOf,
  isRefused: (answer) => answer.startsWith('c2/ERROR'),
  malformed: ['c2/NOPE canary-broken', 'c2/UPDATE canary-broken; x', 'canary-broken'],
  partsOf: (frame) => [typeOf(frame)],
  parts: new Set(['ACKNOWLEDGE', 'ERROR', 'MSG', 'UPDATE', 'DISCONNECT', 'PING']),
};
