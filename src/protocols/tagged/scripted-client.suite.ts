import { scriptedLines } from '../protocol.suite.ts';

const moment = '2014-06-16T20:13:59.128Z';

/** A client of tagged for the suite of all protocols. */
export const scripted = scriptedLines({
  join: (name) => JSON.stringify({ message: 'login', username: name }),
  speak: (text) => JSON.stringify({ message: 'chat.group', to: 'lobby', body: base64(text), timestamp: moment }),
  leave: '{"message":"logout"}',
  nonsense: '{"message":"nonsense"}',
  answer: (message) => {
    const { reply, result } = JSON.parse(message) as { reply?: string; result?: number };
    return reply === undefined ? null : (result ?? 0) < 300 ? 'good' : 'bad';
  },
  shown: (message) => {
    const { message: name, body = '' } = JSON.parse(message) as { message?: string; body?: string };
    return name === 'chat.group' ? Buffer.from(body, 'base64').toString() : null;
  },
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
