import assert from 'node:assert/strict';
import { LIST_KINDS, TYPES } from './documents.ts';
import { OPERATIONS } from './operator.ts';
import { CHANGES } from './speakers/speaker.ts';
import { protocolsWith, SPEAKERS } from './speakers/speakers.ts';
import type { Tally } from './tally.ts';

/** Everything happened, by every protocol that can ask for it; every answer to an old version came for every type of document. */
export function checkEnough(tally: Tally): void {
  const missing = [...happened(), ...restarted(), ...LIST_KINDS, 'before a number'].filter(
    (name) => tally.of(name) === 0,
  );
  for (const type of TYPES)
    for (const answer of ['200', '204', '206'])
      if (tally.of(`content of ${type}: ${answer}`) + tally.of(`children of ${type}: ${answer}`) === 0)
        missing.push(`${type}: ${answer}`);
  assert.deepEqual(missing, [], `never happened: ${missing.join(', ')}; of this happened\n${tally.listed()}`);
}

function happened(): string[] {
  const protocols = [...SPEAKERS.keys()];
  return [
    ...CHANGES.flatMap((change) => protocolsWith(change).map((protocol) => `${change} by ${protocol}`)),
    ...protocolsWith('enter').map((protocol) => `enter by ${protocol}`),
    ...['login', 'leave', 'lose'].flatMap((what) => protocols.map((protocol) => `${what} by ${protocol}`)),
    ...OPERATIONS.map((operation) => `${operation} by the operator`),
    ...['user', 'room', 'msg', 'member', 'unit'].map((type) => `content of ${type}: refused`),
  ];
}

/** The versions of messages and groups are known after a restart, and those of live views are not. */
function restarted(): string[] {
  const logged = ['children of room', 'content of room'].flatMap((part) => [`${part}: 204`, `${part}: 206`]);
  const live = ['content of user', 'children of members', 'children of rooms', 'children of unit'];
  return [...logged, ...live.map((part) => `${part}: 200`)].map((answer) => `after a restart, ${answer}`);
}
