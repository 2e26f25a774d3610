// The usual loop: for each message, `send` to each member.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { answerTo } from './answers.ts';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (websocket) => {
  websocket.on('message', (data) => {
    const { answer, event } = answerTo(String(data));
    websocket.send(answer);
    if (event === null) return;
    for (const member of sockets.clients) member.send(event);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
