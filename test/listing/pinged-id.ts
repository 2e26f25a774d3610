import { once } from 'node:events';
import { connect } from 'node:net';

/** The id with which a chat server answers a ping. */
export async function pingedId(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write('c2/PING\n');
  const [answer] = (await once(socket, 'data')) as [string];
  socket.destroy();
  return answer.trim().split(' ')[1] ?? '';
}
