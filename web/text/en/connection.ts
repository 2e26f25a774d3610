import { plural } from '../plural.ts';

const many = (count: number, one: string, other: string) => plural('en', count, { one, other });

/** How the connection is. */
export const connection = {
  lost: 'No connection.',
  noNetwork: 'This device is offline.',
  stopped: 'The server has stopped.',
  notConnected: 'Not connected',
  back: 'Connected again.',
  sending: (count: number) => many(count, 'Sending 1 message ...', `Sending ${count} messages ...`),
  waiting: (count: number) => many(count, '1 message waits.', `${count} messages wait.`),
  stuck: (count: number) => many(count, '1 message was not sent.', `${count} messages were not sent.`),
  show: 'Show',
  tryNow: 'Try now',
};
