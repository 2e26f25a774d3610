import { scriptedLines } from '../protocol.suite.ts';

/** A client of codechat for the suite of all protocols. */
export const scripted = scriptedLines({
  join: (username) => JSON.stringify({ cmd: 'connect', username }),
  speak: (msg) => JSON.stringify({ cmd: 'msg', msg }),
  leave: '{"cmd":"exit"}',
  nonsense: '{"cmd":"nonsense"}',
  answer: (message) => {
    const { success } = JSON.parse(message) as { success?: boolean };
    return success === undefined ? null : success ? 'good' : 'bad';
  },
  shown: (message) => {
    const { cmd, msg = '' } = JSON.parse(message) as { cmd?: string; msg?: string };
    return cmd === 'message' ? msg : null;
  },
});
