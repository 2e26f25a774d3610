// The smallest bot for msgpack: repeats the text after "echo " in the same conversation. It registers its account if needed.
// node scripts/launch.mjs examples/msgpack-echo.ts ws://localhost:5000/msgpack echo secret
import { connect, MsgpackError, register } from '../src/protocols/msgpack/client.ts';

const [url = 'ws://localhost:5000/msgpack', name = 'echo', password = 'secret'] = process.argv.slice(2);
await register(url, { name, password }).catch((error: unknown) => {
  if (!(error instanceof MsgpackError && error.code === 'refused')) throw error;
});
const client = await connect(url, { name, password });
console.log(`${client.name} has entered`);
for await (const event of client) {
  if (event.type !== 'update whisper' && event.type !== 'update msg_group') continue;
  if (event.sender === client.name || !event.content.startsWith('echo ')) continue;
  const text = event.content.slice('echo '.length);
  if (event.type === 'update msg_group') await client.sendToGroup(event.group, text);
  else await client.whisper(event.sender, text);
}
