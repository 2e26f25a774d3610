import { scriptedLines } from '../protocol.suite.ts';

/** A client of template for the suite of all protocols. */
export const scripted = scriptedLines({
  join: (name) => `template JOIN ${name}\n`,
  speak: (text) => `template SAY ${text}\n`,
  leave: 'template QUIT\n',
  nonsense: 'template NONSENSE\n',
  answer: (message) => (message.startsWith('template FAILED ') ? 'bad' : message === 'template DONE' ? 'good' : null),
  shown: (message) => /^template SAID \S+ (.*)$/.exec(message)?.[1] ?? null,
});
