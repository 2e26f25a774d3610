import type { Message } from '../model/message.ts';
import { skeletonOf } from '../text/names/skeleton.ts';
import type { People } from './people.ts';
import type { Presence } from '../presence/presence.ts';

/** Whose names there are now: those of people who are here, and of accounts. */
export type NameHolders = { readonly presence: Presence; readonly people: Pick<People, 'account' | 'accountNamed'> };

/** A message with its author's name as it is to be shown now (WORLD-27). */
export function withCurrentName(holders: NameHolders, message: Message): Message {
  const name = currentName(holders, message.author);
  return name === message.author.name ? message : { ...message, author: { id: message.author.id, name } };
}

/**
 * What a person is called now: the name of somebody who is there or has an account, else the name of then, marked where
 * it is somebody else's by now (WORLD-27).
 */
export function currentName({ presence, people }: NameHolders, { id, name }: Message['author']): string {
  const known = presence.get(id) ?? people.account(id);
  if (known !== undefined) return known.name; // WORLD-27
  const skeleton = skeletonOf(name);
  const isFree = presence.holderOf(skeleton) === undefined && people.accountNamed(skeleton) === undefined; // WORLD-27
  return isFree ? name : `${name}~`; // WORLD-27
}
