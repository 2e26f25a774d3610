import { scriptedLines } from '../protocol.suite.ts';

/** A client of c2 for the suite of all protocols. */
export const scripted = scriptedLines({
  join: (name) => `c2/CONNECT ${name}\n`,
  speak: (text) => `c2/MSG 1; ${text}\n`,
  leave: 'c2/DISCONNECT\n',
  nonsense: 'c2/NONSENSE\n',
  answer: (message) => (message.startsWith('c2/ERROR') ? 'bad' : message.startsWith('c2/ACKNOWLEDGE') ? 'good' : null),
  shown: (message) => /^c2\/MSG [^;]*; \d+; [^;]*; (.*)$/.exec(message)?.[1] ?? null,
});
