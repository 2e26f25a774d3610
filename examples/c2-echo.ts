// The smallest bot for c2: repeats the text after "echo ".
// node scripts/launch.mjs examples/c2-echo.ts ws://localhost:5000/ echo
import { connect } from '../src/protocols/c2/client.ts';

const [url = 'ws://localhost:5000/', name = 'echo'] = process.argv.slice(2);
const client = await connect(url, { name });
console.log(`${client.name} has entered ${client.server}`);
for await (const event of client) {
  if (event.type !== 'MSG' || event.username === client.name || !event.text.startsWith('echo ')) continue;
  await client.send(event.text.slice('echo '.length));
}
