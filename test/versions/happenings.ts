import { type Operation, OPERATIONS } from './operator.ts';
import { type ChangeName, CHANGES } from './speakers/speaker.ts';

/** One thing that happens in a story. */
export type Happening = ChangeName | Operation | 'enter' | 'login' | 'leave' | 'lose' | 'wait';

/** All that can happen. What is to happen more often stands here more than once. */
export const happenings: readonly Happening[] = [
  ...CHANGES,
  ...OPERATIONS,
  ...(['enter', 'enter', 'login', 'leave', 'leave', 'lose', 'lose', 'wait'] as const),
  ...([
    'createRoom',
    'leaveRoom',
    'post',
    'post',
    'post',
    'postInRoom',
    'postInRoom',
    'direct',
    'direct',
    'edit',
    'edit',
    'remove',
  ] as const),
  ...([
    'status',
    'status',
    'read',
    'read',
    'contact',
    'contact',
    'block',
    'addMember',
    'addMember',
    'joinRoom',
  ] as const),
  ...([
    'mute',
    'mute',
    'mute',
    'mute',
    'setRole',
    'setRole',
    'unit joined',
    'unit joined',
    'unit made',
    'unit moved',
    'unit moved',
    'unit renamed',
    'home',
  ] as const),
];

export function isChange(what: Happening): what is ChangeName {
  return (CHANGES as readonly string[]).includes(what);
}

export function isOperation(what: Happening): what is Operation {
  return (OPERATIONS as readonly string[]).includes(what);
}
