import { upSchemas } from '../../../src/protocols/template/schema.ts';
import type { ProtocolRequests } from '../protocol-requests.ts';

const verbOf = (frame: string) => frame.split(' ')[1] ?? '';

export const template: ProtocolRequests = {
  protocol: 'template',
  types: upSchemas.map(({ properties }) => properties.type.const),
  authTypes: ['JOIN', 'QUIT'],
  refused: {},
  requests: ({ fay, ghost, closed, open }) => [
    'template WHO',
    'template SAY hello',
    ...[fay, ghost.real, closed.real, open].map((name) => `template TELL ${name} hello`),
  ],
  typeOf: verbOf,
  isRefused: (answer) => verbOf(answer) === 'FAILED',
  malformed: ['canary-broken', 'template canary-broken', 'template QUIT canary-broken'],
  partsOf: (frame) => [verbOf(frame)],
  parts: new Set(['DONE', 'FAILED', 'HERE', 'SAID', 'TOLD', 'JOINED', 'LEFT']),
};
