import type { LobbyProtocol } from '../lobby-session.ts';
import type { ServerFacts } from '../protocol.ts';
import { failed, refused } from './errors.ts';
import { handlerOf } from './handlers.ts';
import type { Down, Up } from './schema.ts';

const done: Down = { type: 'DONE' };

/** How this protocol answers, and what it shows. */
export function templateLobby({ history }: ServerFacts): LobbyProtocol<Up, Down> {
  return {
    handlerOf,
    done, // TEMPLATE-25
    entered: done, // TEMPLATE-20
    left: done, // TEMPLATE-29
    refuse: refused, // TEMPLATE-40
    alreadyInside: failed('you have joined already'), // TEMPLATE-23
    notInside: failed('join first'), // TEMPLATE-24
    subscription: { rooms: 'lobby', history, ownMessages: 'others', direct: 'none', rosterUpdates: false }, // TEMPLATE-22
  };
}
