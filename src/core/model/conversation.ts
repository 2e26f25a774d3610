import type { Person } from './person.ts';

/** Where a message was said: in a group of this name, or between two. */
export type Conversation =
  | { readonly type: 'group'; readonly name: string; readonly lobby: boolean }
  | { readonly type: 'direct'; readonly people: readonly [Person, Person] };

/** The other one of a conversation of two. */
export function otherOf(conversation: Extract<Conversation, { type: 'direct' }>, person: number): Person {
  return conversation.people[0].id === person ? conversation.people[1] : conversation.people[0];
}
