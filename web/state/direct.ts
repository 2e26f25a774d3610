import type { ChatSession } from './session.ts';

/** The room of the conversation with one person, which begins if there is none; rejects with a DocumentsError. */
export async function directWith({ client, rooms }: ChatSession, person: number): Promise<number> {
  const known = rooms.value
    .peek()
    ?.entries.find(({ direct, members }) => direct && members.some(({ key }) => key.id === person));
  if (known !== undefined) return known.key.id;
  const key = await client.add(client.keys.rooms, {
    key: { type: 'room' },
    members: [{ key: { type: 'user', id: person } }],
  });
  return key.id;
}
