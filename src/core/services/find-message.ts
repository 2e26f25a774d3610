import { type MessageId, roomStream } from '../model/ids.ts';
import type { CommandProcessor } from '../engine/command-processor.ts';
import type { Message } from '../model/message.ts';
import type { Storage } from '../ports.ts';

/** A message as it stood when its room's stream was at `position`. */
export type FoundMessage = { readonly message: Message; readonly position: number };

const TRIES = 100;

/**
 * Reads a message so that every later change of it is still remembered by its room: whoever decides about it at once
 * decides about it as it stands. Null if there is none; rejects when storage is unavailable.
 */
export async function findMessage(
  storage: Storage,
  processor: CommandProcessor,
  id: MessageId,
): Promise<FoundMessage | null> {
  const first = await storage.message(id);
  if (first === null) return null;
  await processor.load(roomStream(first.room));
  for (let tries = 0; tries < TRIES; tries++) {
    const { position, messages } = await storage.page(first.room, first.number + 1, 1);
    const message = messages[0];
    if (message === undefined) return null;
    if (position >= processor.evictedThrough(first.room)) return { message, position }; // WORLD-09
  }
  throw new Error('a message changes faster than it can be read');
}
