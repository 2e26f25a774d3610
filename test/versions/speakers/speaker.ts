import type { PersonId, RoomId } from '../../../src/core/model/ids.ts';
import type { TestApp } from '../../../testing/app.ts';

/** The password of all accounts. */
export const PASSWORD = 'open sesame';

/** A message of the story. */
export type Said = { readonly room: RoomId; readonly number: number; readonly id: string };

/** What one change is about. Each protocol takes of it what it needs. */
export type Subject = {
  /** Unlike all other texts of the story, and fit to be a name. */
  readonly word: string;
  /** Whether something is added or taken away. */
  readonly on: boolean;
  /** A number from 0 up to, not including, 1. */
  readonly chance: number;
  /** An account. */
  readonly other: { readonly id: PersonId; readonly name: string };
  /** A group. */
  readonly group: { readonly id: RoomId; readonly name: string };
  /** A room in which the speaker is. */
  readonly room: RoomId;
  /** A message of the speaker, and one of anybody in a room of the speaker. */
  readonly own: Said | null;
  readonly message: Said | null;
};

/** Makes one change; resolves to whether it was accepted. */
type Change = (subject: Subject) => Promise<boolean>;

/** The changes that can be asked for by at least one protocol. */
export const CHANGES = [
  'rename',
  'register',
  'status',
  'displayName',
  'names',
  'picture',
  'createRoom',
  'renameRoom',
  'joinRoom',
  'leaveRoom',
  'addMember',
  'removeMember',
  'mute',
  'setRole',
  'banMember',
  'post',
  'postInRoom',
  'direct',
  'edit',
  'remove',
  'reply',
  'read',
  'contact',
  'block',
] as const;

export type ChangeName = (typeof CHANGES)[number];

/** A connection that speaks one protocol. A protocol has a method for each change that it can ask for. */
export type Speaker = { readonly [C in ChangeName]?: Change } & {
  readonly protocol: string;
  /** The name of the person who is logged in. */
  readonly name: string;
  readonly isClosed: boolean;
  /** Enters as a guest; only where the protocol has guests. */
  enter?(name: string): Promise<boolean>;
  login(name: string): Promise<boolean>;
  /** Leaves as the protocol does it. */
  leave(): Promise<void>;
  /** Ends the connection without a word. */
  drop(): Promise<void>;
};

/** How connections of a protocol are opened; the prototype tells which changes it can ask for. */
export type SpeakerClass = { new (app: TestApp): Speaker; readonly prototype: Speaker };
