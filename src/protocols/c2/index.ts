import type { ProtocolAdapter } from '../../connections/protocol-adapter.ts';
import { encodeLine, LineFrames } from '../line-frames.ts';
import { LobbySession } from '../lobby-session.ts';
import type { Protocol, ServerFacts } from '../protocol.ts';
import { up, writeDown } from './codec.ts';
import { failed, refused } from './errors.ts';
import { render, renderDeparture, renderMessage } from './render.ts';
import type { Down, Up } from './schema.ts';
import { c2Lobby } from './session.ts';
import { sniff } from './sniff.ts';

/** The protocol of c2.txt: text frames, one big room. */
export const c2: Protocol = {
  name: 'c2',
  title: 'c2/TYPE a; b; c text, one big room',
  example: 'c2/CONNECT alice',
  sniff,
  frames: 'text',
  zeromq: false,
  open(facts, carry) {
    const adapter = c2Adapter(facts);
    return (link) => carry(adapter, link);
  },
};

/** The adapter of c2. */
export function c2Adapter(facts: ServerFacts): ProtocolAdapter<Up, Down> {
  const lobby = c2Lobby(facts);
  return {
    name: 'c2',
    decoder: (framing) => new LineFrames(up, framing),
    encode: (message, framing) => encodeLine(writeDown(message), framing),
    showsOwnMoves: true, // C2-53
    showsChangesAsMessages: false,
    render,
    renderFarewell: (person, departure) => renderDeparture(person, departure),
    renderHistory: renderMessage,
    renderRosterUpdate: () => null, // C2-57
    refuse: refused,
    refuseBytes: failed, // C2-11
    openSession: (api) => new LobbySession(lobby, api),
  };
}
