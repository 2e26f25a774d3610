import { lineBook } from '../protocol.suite.ts';

/** How a client of skeleton speaks, in tests that all protocols pass. */
export const phrasebook = lineBook({
  join: (name) => `skeleton JOIN ${name}\n`,
  speak: (text) => `skeleton SAY ${text}\n`,
  leave: 'skeleton QUIT\n',
  nonsense: 'skeleton NONSENSE\n',
  answer: (message) => (message.startsWith('skeleton FAILED ') ? 'bad' : message === 'skeleton DONE' ? 'good' : null),
  shown: (message) => /^skeleton SAID \S+ (.*)$/.exec(message)?.[1] ?? null,
});
