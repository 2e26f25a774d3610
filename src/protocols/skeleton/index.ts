import type { Wire } from '../../connections/wire.ts';
import type { Protocol, ServerFacts } from '../protocol.ts';
import { encode, FrameDecoder, MARK, writeDown } from './codec.ts';
import { failed, refused } from './errors.ts';
import { render, renderFarewell, renderHistory } from './render.ts';
import type { Down, Up } from './schema.ts';
import { SkeletonSession } from './session.ts';
import { sniff } from './sniff.ts';

/** The wire that every new one begins as: lines of text, one big room. */
export const skeleton: Protocol = {
  name: 'skeleton',
  title: 'lines of text, one big room',
  example: `${MARK}JOIN alice`,
  sniff,
  frames: 'text',
  zeromq: false,
  open(facts, carry) {
    const wire = skeletonWire(facts);
    return (link) => carry(wire, link);
  },
};

/** What connections need to carry it. */
export function skeletonWire(facts: ServerFacts): Wire<Up, Down> {
  return {
    name: 'skeleton',
    decoder: (framing) => new FrameDecoder(framing),
    encode: (message, framing) => encode(writeDown(message), framing),
    ownMoves: false, // SKELETON-34 SKELETON-35
    changesAreLines: true, // SKELETON-32
    render,
    renderFarewell: (_person, departure) => renderFarewell(departure),
    renderHistory,
    renderNotice: () => null, // SKELETON-36
    refuse: refused,
    refuseBytes: failed, // SKELETON-09
    open: (peer) => new SkeletonSession(facts, peer),
  };
}
