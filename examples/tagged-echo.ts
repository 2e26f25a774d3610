// The smallest bot for tagged: repeats the text after "echo " in the same conversation.
// node scripts/launch.mjs examples/tagged-echo.ts ws://localhost:5000/tagged echo
import { connect } from '../src/protocols/tagged/client.ts';

const [url = 'ws://localhost:5000/tagged', name = 'echo'] = process.argv.slice(2);
const client = await connect(url, { name });
console.log(`${client.me.username} has entered`);
for await (const event of client) {
  if (event.message !== 'chat.user' && event.message !== 'chat.group') continue;
  if (!event.body.startsWith('echo ')) continue;
  const text = event.body.slice('echo '.length);
  if (event.message === 'chat.group') await client.chatGroup(event.via, text);
  else await client.chat(event.from, text);
}
