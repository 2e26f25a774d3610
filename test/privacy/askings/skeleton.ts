import { upSchemas } from '../../../src/protocols/skeleton/schema.ts';
import type { Asking } from '../asking.ts';

const verbOf = (frame: string) => frame.split(' ')[1] ?? '';

export const skeleton: Asking = {
  protocol: 'skeleton',
  types: upSchemas.map(({ properties }) => properties.type.const),
  comings: ['JOIN', 'QUIT'],
  vain: {},
  requests: ({ fay, ghost, closed, open }) => [
    'skeleton WHO',
    'skeleton SAY hello',
    ...[fay, ghost.real, closed.real, open].map((name) => `skeleton TELL ${name} hello`),
  ],
  typeOf: verbOf,
  isRefused: (answer) => verbOf(answer) === 'FAILED',
  unreadable: ['canary-broken', 'skeleton canary-broken', 'skeleton QUIT canary-broken'],
  partsOf: (frame) => [verbOf(frame)],
  parts: new Set(['DONE', 'FAILED', 'HERE', 'SAID', 'TOLD', 'JOINED', 'LEFT']),
};
