// The least that any server must do for a room: frame each message once, and write the messages of an event-loop turn once
// to each member. It stores and checks nothing. Parlance is measured against it.
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Socket } from 'node:net';
import { serverFrame } from '../../src/transports/websocket/frames.ts';
import { answerTo } from './answers.ts';

const members = new Set<Duplex>();
const answers = new Map<Duplex, Uint8Array[]>();
let gathered: Uint8Array[] = [];

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
const server = createServer();
server.on('upgrade', (request, socket, head) => {
  if (socket instanceof Socket) socket.setNoDelay(true);
  sockets.handleUpgrade(request, socket, head, (websocket) => {
    members.add(socket);
    socket.on('close', () => members.delete(socket));
    websocket.on('message', (data) => {
      const { answer, event } = answerTo(String(data));
      if (gathered.length === 0 && answers.size === 0) setImmediate(flush);
      answers.set(socket, [...(answers.get(socket) ?? []), serverFrame('text', Buffer.from(answer))]);
      if (event !== null) gathered.push(serverFrame('text', Buffer.from(event)));
    });
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));

function flush(): void {
  const chunk = Buffer.concat(gathered);
  for (const member of members) {
    const own = answers.get(member);
    if (own !== undefined) member.write(Buffer.concat([...own, chunk]));
    else if (chunk.length > 0) member.write(chunk);
  }
  gathered = [];
  answers.clear();
}
