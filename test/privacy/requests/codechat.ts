import { upSchemas } from '../../../src/protocols/codechat/schema.ts';
import { type ProtocolRequests, fieldsOf } from '../protocol-requests.ts';

type Command = { readonly cmd?: unknown; readonly success?: unknown };

export const codechat: ProtocolRequests = {
  protocol: 'codechat',
  types: upSchemas.map(({ properties }) => properties.cmd.const),
  authTypes: ['connect', 'exit'],
  refused: { rename: 'the name of an account is fixed' },
  requests: ({ ann, fay, ghost, closed, open }) =>
    [
      { cmd: 'get-clients' },
      { cmd: 'msg', msg: 'hello' },
      { cmd: 'rename', oldname: ann, newname: 'Annie' },
      ...[fay, ghost.real, closed.real, open].flatMap((name) => [
        { cmd: 'msg', msg: `/msg ${name} hello` },
        { cmd: 'rename', oldname: name, newname: 'Annie' },
      ]),
    ].map((command) => JSON.stringify(command)),
  typeOf: (frame) => String((JSON.parse(frame) as Command).cmd),
  isRefused: (answer) => (JSON.parse(answer) as Command).success === false,
  malformed: [
    '{"cmd":"canary-broken"}',
    '{"cmd":"rename","canary-broken":"canary-broken"}',
    '{"cmd":"msg","msg":["canary-broken"]}',
    '{"cmd":"msg","msg":"a","message":"canary-broken"}',
    '{"cmd":"msg"}{"cmd":"msg","msg":"canary-broken"}',
    '{"cmd":"msg","msg":canary-broken}',
    'canary-broken',
  ],
  partsOf: fieldsOf,
  parts: new Set(['cmd', 'user', 'msg', 'from', 'payload', 'success', 'error-msg', 'success-msg', 'clients']),
};
