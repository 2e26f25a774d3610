import type { ProtocolAdapter } from '../../connections/protocol-adapter.ts';
import { encodeJson, JsonFrames } from '../json-frames.ts';
import type { Protocol, ServerFacts } from '../protocol.ts';
import { type Received, up, writeDown } from './codec.ts';
import { outcomeOf } from './errors.ts';
import { Renderer } from './render.ts';
import { emptyReply, headingOf } from './replies.ts';
import type { Down } from './schema.ts';
import { TaggedSession } from './session.ts';
import { sniff } from './sniff.ts';
import { completeFont, readFont } from './formats.ts';

/** The protocol of tagged.txt: JSON requests with a tag, and replies with results like those of HTTP. */
export const tagged: Protocol = {
  name: 'tagged',
  title: 'JSON requests with a tag; friends, groups, statuses, fonts',
  example: '{"message":"login","username":"alice"}',
  sniff,
  frames: 'text',
  zeromq: false,
  open(facts, carry) {
    const adapter = taggedAdapter(facts);
    return (link) => carry(adapter, link);
  },
};

/** The adapter of tagged. */
export function taggedAdapter(facts: ServerFacts): ProtocolAdapter<Received, Down> {
  const font = completeFont(readFont(facts.font), facts.font);
  const renderer = new Renderer(font);
  const options = { font, renderer, logins: facts.taggedLogins };
  const headingFor = (received: Received | null) => {
    if (received === null) return { reply: 'default' } as const;
    return received.type === 'flaw' ? received.flaw : headingOf(received.request); // TAG-30
  };
  return {
    name: 'tagged',
    decoder: (framing) => new JsonFrames(up, framing),
    encode: (message, framing) => encodeJson(writeDown(message), framing),
    showsOwnMoves: false,
    showsChangesAsMessages: true, // TAG-63
    render: (event, viewer) => renderer.event(event, viewer),
    renderFarewell: () => null, // TAG-67
    renderHistory: (message, conversation, viewer) => renderer.waiting(message, conversation, viewer),
    renderRosterUpdate: (rosterUpdate) => renderer.rosterUpdate(rosterUpdate),
    refuse: (refusal, received) => emptyReply(headingFor(received), outcomeOf(refusal)), // TAG-27
    refuseBytes: (reason) => emptyReply({ reply: 'default' }, { result: 400, result_message: reason }), // TAG-06
    openSession: (api) => new TaggedSession(options, api),
  };
}
