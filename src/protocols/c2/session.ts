import type { LobbyProtocol } from '../lobby-session.ts';
import type { ServerFacts } from '../protocol.ts';
import { failed, refused } from './errors.ts';
import { handlerOf } from './handlers.ts';
import type { Down, Up } from './schema.ts';

/** How c2 answers, and what it shows. */
export function c2Lobby(facts: ServerFacts): LobbyProtocol<Up, Down> {
  const { name, history, privateLines } = facts;
  const direct = privateLines ? 'all' : null; // C2-65
  return {
    handlerOf: (message) => handlerOf(message, facts),
    done: { type: 'ACKNOWLEDGE', text: '' },
    entered: { type: 'ACKNOWLEDGE', text: name }, // C2-20
    left: null, // C2-36
    refuse: refused, // C2-60
    alreadyInside: failed('already connected'), // C2-23
    notInside: failed('not connected'), // C2-24
    subscription: { rooms: 'lobby', history, ownMessages: 'all', direct, rosterUpdates: false }, // C2-21
  };
}
