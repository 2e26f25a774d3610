import { oneOrOther } from '../plural.ts';

const many = oneOrOther('en');

/** How the connection is. */
export const connection = {
  lost: 'No connection.',
  noNetwork: 'This device is offline.',
  stopped: 'The server has stopped.',
  notConnected: 'Not connected',
  back: 'Connected again.',
  sending: (count: number) => many(count, 'Sending 1 message ...', (n) => `Sending ${n} messages ...`),
  waiting: (count: number) => many(count, '1 message waits.', (n) => `${n} messages wait.`),
  stuck: (count: number) => many(count, '1 message was not sent.', (n) => `${n} messages were not sent.`),
  show: 'Show',
  tryNow: 'Try now',
};
