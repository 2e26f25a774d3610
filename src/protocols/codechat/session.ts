import type { LobbyProtocol } from '../lobby-session.ts';
import type { ServerFacts } from '../protocol.ts';
import { refused } from './errors.ts';
import { handlerOf } from './handlers.ts';
import { failed, succeeded } from './replies.ts';
import type { Down, Up } from './schema.ts';

/** How codechat answers, and what it shows. */
export function codechatLobby({ codechatHistory: history, privateLines }: ServerFacts): LobbyProtocol<Up, Down> {
  const direct = privateLines ? 'others' : null; // CODE-65
  return {
    handlerOf,
    done: succeeded(),
    entered: succeeded(),
    left: succeeded(), // CODE-35
    refuse: refused, // CODE-60
    alreadyInside: failed('already connected'), // CODE-25
    notInside: failed('not connected'), // CODE-20
    subscription: { rooms: 'lobby', history, ownMessages: 'others', direct, rosterUpdates: false }, // CODE-23
  };
}
