import { failure } from './client-error.ts';
import type { Chat, Reply } from './schema.ts';

/** False if nothing was found. Throws if the request was refused for another reason. */
export function isFound(reply: Reply): boolean {
  if (reply.result === 204 || reply.result === 404) return false; // TAG-83
  if (reply.result >= 400) throw failure(reply); // TAG-83
  return true;
}

/** The id of the sent message. */
export function idOf(reply: Reply): string {
  return reply.reply === 'default' ? (reply.id ?? '') : '';
}

/** The messages of a reply of history; empty for any other reply. */
export function messagesOf(reply: Reply): readonly Chat[] {
  return reply.reply === 'history' ? reply.messages : [];
}
