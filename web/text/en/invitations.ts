import { oneOrOther } from '../plural.ts';

const many = oneOrOther('en');

/** Inviting people to a room, and being invited. */
export const invitations = {
  title: (room: string) => `Invite people to ${room}`,
  people: 'People on this server',
  add: 'Add them',
  added: (count: number) => many(count, '1 person is in the room now.', (n) => `${n} people are in the room now.`),
  notAdded: (name: string, why: string) => `${name} was not added. ${why}`,
  link: 'By a link',
  linkHint: 'Whoever has the link and an account can join.',
  lasts: 'Valid for',
  day: '1 day',
  week: '7 days',
  month: '30 days',
  uses: 'How often',
  any: 'any number of times',
  once: 'once',
  times: (count: number) => many(count, 'once', (n) => `${n} times`),
  make: 'Make a link',
  address: 'Link to this room',
  copy: 'Copy the link',
  copied: 'Copied.',
  until: (time: string) => `Valid until ${time}.`,
  withdraw: 'Withdraw all links',
  withdrawQuestion: 'Links to this room that were made before will not work any more.',
  withdrawn: 'Earlier links do not work any more.',
  invited: 'You are invited to a room',
  enterFirst: 'You are invited to a room. Log in or make an account to join it.',
  members: (count: number) => many(count, '1 person is in it.', (n) => `${n} people are in it.`),
  join: 'Join the room',
  toRoom: 'To the room',
  joinedAlready: 'You are in this room already.',
  over: 'This invitation does not work any more, or never did. Ask for a new link.',
  guest: 'Guests cannot join rooms. Make an account to keep your name, and then join.',
  loading: 'Loading ...',
};
