import type { ProtocolAdapter } from '../../connections/protocol-adapter.ts';
import type { Protocol } from '../protocol.ts';
import { FrameDecoder, up, writeDown } from './codec.ts';
import { refused } from './errors.ts';
import { render, renderWaiting } from './render.ts';
import { failed } from './replies.ts';
import type { Down, Up } from './schema.ts';
import { MsgpackSession } from './session.ts';
import { sniff } from './sniff.ts';

/** The protocol of msgpack.txt: an action and its data as MessagePack values, for accounts only. */
export const msgpack: Protocol = {
  name: 'msgpack',
  title: 'MessagePack values: an action and its data; contacts, whispers, groups',
  example: null,
  sniff,
  frames: 'binary',
  zeromq: true,
  open(_facts, carry) {
    const adapter = msgpackAdapter();
    return (link) => carry(adapter, link);
  },
};

/** The adapter of msgpack. */
function msgpackAdapter(): ProtocolAdapter<Up, Down> {
  return {
    name: 'msgpack',
    decoder: (framing) => new FrameDecoder(up, framing),
    encode: (message, _framing, encoding) => writeDown(message, encoding), // MSGP-02
    showsOwnMoves: false,
    showsChangesAsMessages: true, // MSGP-52
    render,
    renderFarewell: () => null, // MSGP-54
    renderHistory: renderWaiting,
    renderRosterUpdate: () => null, // MSGP-54
    refuse: refused,
    refuseBytes: failed, // MSGP-65
    openSession: (api) => new MsgpackSession(api),
  };
}
