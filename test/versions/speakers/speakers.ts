import { C2Speaker } from './c2.ts';
import { CodechatSpeaker } from './codechat.ts';
import { DocumentsSpeaker } from './documents.ts';
import { MsgpackSpeaker } from './msgpack.ts';
import type { ChangeName, SpeakerClass } from './speaker.ts';
import { TaggedSpeaker } from './tagged.ts';

/** The speakers of all protocols. */
export const SPEAKERS: ReadonlyMap<string, SpeakerClass> = new Map<string, SpeakerClass>([
  ['tagged', TaggedSpeaker],
  ['c2', C2Speaker],
  ['msgpack', MsgpackSpeaker],
  ['codechat', CodechatSpeaker],
  ['documents', DocumentsSpeaker],
]);

/** The protocols that can ask for this. */
export function protocolsWith(what: ChangeName | 'enter'): string[] {
  return [...SPEAKERS].filter(([, { prototype }]) => what in prototype).map(([name]) => name);
}
