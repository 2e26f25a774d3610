import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { memoryConversation } from '../../../testing/conversations.ts';
import { openHouse } from '../../../testing/house.ts';
import { playTranscript, type Stage } from '../../../testing/transcript.ts';
import { skeleton } from './index.ts';

const folder = new URL('vectors/transcripts/', import.meta.url);

/** What each of them shows; a transcript that is not here fails. */
const rules: { readonly [file: string]: string } = {
  'chat.txt': 'SKELETON-20 SKELETON-25 SKELETON-29 SKELETON-34',
  'refused.txt': 'SKELETON-02 SKELETON-09 SKELETON-20 SKELETON-23 SKELETON-24 SKELETON-40',
};

async function stage(framing: 'stream' | 'message'): Promise<Stage> {
  const house = await openHouse();
  return {
    connect: async () => {
      const { peer } = house.connect(skeleton, { framing });
      return memoryConversation(peer, framing, () => house.settle());
    },
    barrier: {
      ask: () => 'skeleton BARRIER',
      isAnswer: (_count, line) => line === 'skeleton FAILED there is no such verb',
    },
    facts: {},
  };
}

for (const file of readdirSync(folder)) {
  const title = `${rules[file] ?? assert.fail(file)} ${file}`;
  for (const framing of ['stream', 'message'] as const)
    test(`${title}, each ${framing === 'stream' ? 'message a line' : 'a frame'}`, async () =>
      playTranscript(readFileSync(new URL(file, folder), 'utf8'), await stage(framing)));
}
