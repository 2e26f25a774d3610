const TYPE = 'c2/PING';

/** Whether a message is an answer to a ping, right or wrong. */
export function isPong(text: string): boolean {
  return text.startsWith(TYPE);
}

/** Whether an answer has this id: alone, or after the time that some servers put before it. */
export function hasId(pong: string, id: number): boolean {
  const content = pong.slice(TYPE.length);
  const parts = content.split(';');
  return /^\s/.test(content) && parts.length <= 2 && parts.at(-1)?.trim() === `${id}`; // LIST-54
}
