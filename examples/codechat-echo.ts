// The smallest bot for codechat: repeats the text after "echo ".
// node scripts/launch.mjs examples/codechat-echo.ts ws://localhost:5000/codechat echo
import { connect } from '../src/protocols/codechat/client.ts';

const [url = 'ws://localhost:5000/codechat', name = 'echo'] = process.argv.slice(2);
const client = await connect(url, { name });
console.log(`${client.name} has entered`);
for await (const event of client) {
  if (event.cmd === 'message' && event.msg.startsWith('echo ')) await client.send(event.msg.slice('echo '.length));
}
