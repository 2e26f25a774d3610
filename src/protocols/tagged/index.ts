import type { Wire } from '../../connections/wire.ts';
import { encodeJson, JsonFrames } from '../json-frames.ts';
import type { Protocol, ServerFacts } from '../protocol.ts';
import { type Received, up, writeDown } from './codec.ts';
import { outcomeOf } from './errors.ts';
import { Renderer } from './render.ts';
import { bare, headingOf } from './replies.ts';
import type { Down } from './schema.ts';
import { TaggedSession } from './session.ts';
import { sniff } from './sniff.ts';
import { completeFont, readFont } from './spelling.ts';

/** The wire of tagged.txt: JSON requests with a tag, and replies with results like HTTP's. */
export const tagged: Protocol = {
  name: 'tagged',
  title: 'JSON requests with a tag; friends, groups, statuses, fonts',
  example: '{"message":"login","username":"alice"}',
  sniff,
  frames: 'text',
  zeromq: false,
  open(facts, carry) {
    const wire = taggedWire(facts);
    return (link) => carry(wire, link);
  },
};

/** What connections need to carry tagged. */
export function taggedWire(facts: ServerFacts): Wire<Received, Down> {
  const font = completeFont(readFont(facts.font), facts.font);
  const renderer = new Renderer(font);
  const rules = { font, renderer, logins: facts.taggedLogins };
  const headingFor = (received: Received | null) => {
    if (received === null) return { reply: 'default' } as const;
    return received.type === 'flaw' ? received.flaw : headingOf(received.request); // TAG-30
  };
  return {
    name: 'tagged',
    decoder: (framing) => new JsonFrames(up, framing),
    encode: (message, framing) => encodeJson(writeDown(message), framing),
    ownMoves: false,
    changesAreLines: true, // TAG-63
    render: (event, viewer) => renderer.event(event, viewer),
    renderFarewell: () => null, // TAG-67
    renderHistory: (message, place, viewer) => renderer.waiting(message, place, viewer),
    renderNotice: (notice) => renderer.notice(notice),
    refuse: (refusal, received) => bare(headingFor(received), outcomeOf(refusal)), // TAG-27
    refuseBytes: (reason) => bare({ reply: 'default' }, { result: 400, result_message: reason }), // TAG-06
    open: (peer) => new TaggedSession(rules, peer),
  };
}
