import type { ProtocolAdapter } from '../../connections/protocol-adapter.ts';
import { encodeLine, LineFrames } from '../line-frames.ts';
import { LobbySession } from '../lobby-session.ts';
import type { Protocol, ServerFacts } from '../protocol.ts';
import { MARK, up, writeDown } from './codec.ts';
import { failed, refused } from './errors.ts';
import { render, renderFarewell, renderHistory } from './render.ts';
import type { Down, Up } from './schema.ts';
import { templateLobby } from './session.ts';
import { sniff } from './sniff.ts';

/** The smallest protocol: lines of text, one big room. A new protocol begins as its copy. */
export const template: Protocol = {
  name: 'template',
  title: 'lines of text, one big room',
  example: `${MARK}JOIN alice`,
  sniff,
  frames: 'text',
  zeromq: false,
  open(facts, carry) {
    const adapter = templateAdapter(facts);
    return (link) => carry(adapter, link);
  },
};

/** The adapter of this protocol. */
export function templateAdapter(facts: ServerFacts): ProtocolAdapter<Up, Down> {
  const lobby = templateLobby(facts);
  return {
    name: 'template',
    decoder: (framing) => new LineFrames(up, framing),
    encode: (message, framing) => encodeLine(writeDown(message), framing),
    showsOwnMoves: false, // TEMPLATE-34 TEMPLATE-35
    showsChangesAsMessages: true, // TEMPLATE-32
    render,
    renderFarewell: (_person, departure) => renderFarewell(departure),
    renderHistory,
    renderRosterUpdate: () => null, // TEMPLATE-36
    refuse: refused,
    refuseBytes: failed, // TEMPLATE-09
    openSession: (api) => new LobbySession(lobby, api),
  };
}
