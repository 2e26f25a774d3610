import type { ProtocolAdapter } from '../../connections/protocol-adapter.ts';
import { encodeJson, JsonFrames } from '../json-frames.ts';
import { LobbySession } from '../lobby-session.ts';
import type { Protocol, ServerFacts } from '../protocol.ts';
import { up, writeDown } from './codec.ts';
import { refused } from './errors.ts';
import { render, renderHistory } from './render.ts';
import { failed } from './replies.ts';
import type { Down, Up } from './schema.ts';
import { codechatLobby } from './session.ts';
import { sniff } from './sniff.ts';

/** The protocol of codechat.txt: JSON commands and statuses, one big room. */
export const codechat: Protocol = {
  name: 'codechat',
  title: '{"cmd": ...} JSON, one big room',
  example: '{"cmd":"connect","username":"alice"}',
  sniff,
  frames: 'text',
  zeromq: false,
  open(facts, carry) {
    const adapter = codechatAdapter(facts);
    return (link) => carry(adapter, link);
  },
};

/** The adapter of codechat. */
export function codechatAdapter(facts: ServerFacts): ProtocolAdapter<Up, Down> {
  const lobby = codechatLobby(facts);
  return {
    name: 'codechat',
    decoder: (framing) => new JsonFrames(up, framing),
    encode: (message, framing) => encodeJson(writeDown(message), framing),
    showsOwnMoves: false, // CODE-54
    showsChangesAsMessages: true, // CODE-51
    render,
    renderFarewell: (_person, departure) =>
      departure.type === 'removed' ? refused({ type: 'banned', reason: departure.reason }) : null, // CODE-58
    renderHistory,
    renderRosterUpdate: () => null, // CODE-57
    refuse: refused, // CODE-62
    refuseBytes: failed, // CODE-06
    openSession: (api) => new LobbySession(lobby, api),
  };
}
