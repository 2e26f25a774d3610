import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { memoryConnection } from '../../../testing/transcripts/connections.ts';
import { openTestApp } from '../../../testing/app.ts';
import { playTranscript, type TranscriptTarget } from '../../../testing/transcripts/transcript.ts';
import { template } from './index.ts';

const folder = new URL('vectors/transcripts/', import.meta.url);

/** The rules that each transcript proves. A transcript that is missing here fails. */
const rules: { readonly [file: string]: string } = {
  'chat.txt': 'TEMPLATE-20 TEMPLATE-25 TEMPLATE-29 TEMPLATE-34',
  'refused.txt': 'TEMPLATE-02 TEMPLATE-09 TEMPLATE-20 TEMPLATE-23 TEMPLATE-24 TEMPLATE-40',
};

async function target(framing: 'stream' | 'message'): Promise<TranscriptTarget> {
  const app = await openTestApp();
  return {
    connect: async () => {
      const { peer } = app.connect(template, { framing });
      return memoryConnection(peer, framing, () => app.settle());
    },
    barrier: {
      ask: () => 'template BARRIER',
      isAnswer: (_count, line) => line === 'template FAILED there is no such verb',
    },
    values: {},
  };
}

for (const file of readdirSync(folder)) {
  const title = `${rules[file] ?? assert.fail(file)} ${file}`;
  for (const framing of ['stream', 'message'] as const)
    test(`${title}, each ${framing === 'stream' ? 'message a line' : 'a frame'}`, async () =>
      playTranscript(readFileSync(new URL(file, folder), 'utf8'), await target(framing)));
}
