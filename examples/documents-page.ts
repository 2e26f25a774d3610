// A page in the terminal: shows a room, keeps itself fresh also over a restart of the server, and says the lines that are typed.
// node scripts/launch.mjs examples/documents-page.ts ws://localhost:5000/documents reader lobby
import { createInterface } from 'node:readline';
import { connect } from '../src/protocols/documents/client.ts';

const [url = 'ws://localhost:5000/documents', name = 'reader', groupname = 'lobby'] = process.argv.slice(2);
const client = await connect(url, { name });
const rooms = await client.getPage(client.keys.rooms);
const room = rooms.entries.find((one) => one.groupname === groupname)?.key;
if (room === undefined) throw new Error(`${name} is not in ${groupname}`);
const content = client.watch(room);
const members = client.watchPage({ type: 'members', id: room.id }, { size: 1 });
const messages = client.watchPage(room, { size: 20 });

function draw(): void {
  console.clear(); // Only a terminal is cleared.
  const { name: title = groupname } = content.value ?? {};
  console.log(`${title}, ${members.value?.total ?? 0} members, ${client.connection.value?.type}`);
  for (const message of messages.value?.entries.toReversed() ?? [])
    console.log('text' in message ? `${message.sender.name}: ${message.text}` : '(deleted)');
  for (const { text, state, error } of client.outbox) console.log(`${text} (${error?.message ?? state})`);
}

for (const live of [client.connection, content, members, messages, client.outbox]) live.subscribe(draw);
createInterface({ input: process.stdin }).on('line', (line) => void client.send(room, line));
