import type { Person } from './person.ts';

/** How an event names its room: by the group's name, or by the two people. */
export type Conversation =
  | { readonly type: 'group'; readonly name: string; readonly lobby: boolean }
  | { readonly type: 'direct'; readonly people: readonly [Person, Person] };

/** The other person of a direct. */
export function otherOf(conversation: Extract<Conversation, { type: 'direct' }>, person: number): Person {
  return conversation.people[0].id === person ? conversation.people[1] : conversation.people[0];
}
