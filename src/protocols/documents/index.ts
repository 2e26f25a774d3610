import type { ProtocolAdapter } from '../../connections/protocol-adapter.ts';
import { encodeJson, JsonFrames } from '../json-frames.ts';
import type { Protocol, ServerFacts } from '../protocol.ts';
import { ChangeBlocks } from './change-blocks.ts';
import { headingOf, type Outgoing, type Received, up, writeDown } from './codec.ts';
import { type Heading, refused, unreadable } from './errors.ts';
import { cachedByObject } from './patches/object-cache.ts';
import { ReadAnswers } from './reading/read-answers.ts';
import { render, renderFarewell } from './render.ts';
import type { Changed } from './schema.ts';
import { DocumentsSession } from './session.ts';
import { sniff } from './sniff.ts';

/** The protocol of documents.txt: versioned documents and patches, for clients on bad connections. */
export const documents: Protocol = {
  name: 'documents',
  title: 'JSON; versioned documents and patches, for clients on bad connections',
  example: '{"type":"request","id":"1","cls":"login","data":{"username":"alice"}}',
  sniff,
  frames: 'text',
  zeromq: false,
  open(facts, carry) {
    const adapter = documentsAdapter(facts);
    return (link) => carry(adapter, link);
  },
};

/** The adapter of documents. */
export function documentsAdapter(facts: ServerFacts): ProtocolAdapter<Received, Outgoing> {
  const readAnswers = new ReadAnswers();
  const changeBlocks = new ChangeBlocks();
  const blockBytes = cachedByObject((block: Changed) => {
    const text = writeDown(block);
    return { stream: encodeJson(text, 'stream'), message: encodeJson(text, 'message') };
  });
  const heading = (received: Received | null): Heading => (received === null ? {} : headingOf(received));
  return {
    name: 'documents',
    decoder: (framing) => new JsonFrames(up, framing),
    encode: (message, framing) =>
      isBlock(message) ? blockBytes(message)[framing] : encodeJson(writeDown(message), framing),
    isConfirmation: (received) =>
      received.type === 'message' && 'cls' in received.message && received.message.cls === 'changed',
    showsOwnMoves: false,
    showsChangesAsMessages: false,
    render,
    renderFarewell: (_person, departure) => renderFarewell(departure),
    renderHistory: () => null, // DOC-107
    renderRosterUpdate: () => null, // DOC-130
    refuse: (refusal, received) => refused(heading(received), refusal), // DOC-40
    refuseBytes: (reason) => unreadable(reason), // DOC-09
    openSession: (api, push) => new DocumentsSession({ facts, readAnswers, changeBlocks }, api, push),
  };
}

function isBlock(message: Outgoing): message is Changed {
  return 'type' in message && message.type === 'request';
}
