// The smallest bot for documents: repeats the text after "echo " in the same room.
// node scripts/launch.mjs examples/documents-echo.ts ws://localhost:5000/documents echo
import { connect } from '../src/protocols/documents/client.ts';

const [url = 'ws://localhost:5000/documents', name = 'echo'] = process.argv.slice(2);
const client = await connect(url, { name });
console.log(`${name} has entered`);
/** The last message of each room that the bot has seen. What was said before it entered does not count. */
const seen = new Map<number, number>();
let hasBegun = false;
for await (const { entries: rooms } of client.watchPage(client.keys.rooms)) {
  for (const { key, number } of rooms) {
    const last = seen.get(key.id) ?? (hasBegun ? 0 : number);
    seen.set(key.id, number);
    if (number === last) continue;
    const size = Math.min(number - last, 200);
    const { entries } = await client.getPage(key, { before: number + 1, size });
    for (const message of entries.toReversed()) {
      if (!('text' in message) || !message.text.startsWith('echo ')) continue;
      if (message.sender.key.id !== client.keys.self.id) await client.send(key, message.text.slice('echo '.length));
    }
  }
  hasBegun = true;
}
