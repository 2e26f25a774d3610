import type { IdCommand, IdResult } from '../../../connections/session/id-commands.ts';
import type { RequestName } from '../../../connections/session/repeated-requests.ts';
import type { Done, SessionApi } from '../../../connections/session/session-api.ts';
import type { ProfileChanges } from '../../../core/model/account.ts';
import type { PersonId } from '../../../core/model/ids.ts';
import type { Refusal } from '../../../core/model/refusals.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { Presence, StatusChange } from '../../../core/text/status.ts';
import type { Version } from '../../../views/answer.ts';
import type { MediaFacts } from '../../protocol.ts';
import type { Content } from '../../../views/views.ts';
import { contentFields, FOR_GOOD } from '../reading/contents.ts';
import type { OwnRefusal } from '../errors.ts';
import { applyPatch } from '../patches/patch.ts';
import type { Key, RequestOf } from '../schema.ts';
import { viewKeyOf } from '../view-keys.ts';

type PatchRequest = RequestOf<'patch_content'>['data'];
type Changes = ReadonlyMap<string, unknown>;
/** Why a patch is refused; a text says which value does not fit. */
export type PatchRefusal = Refusal | OwnRefusal | { readonly type: 'unfit'; readonly reason: string };

const writable: { readonly [T in Key['type']]: ReadonlySet<string> } = {
  user: new Set(['first_name', 'last_name', 'display_name', 'picture', 'presence', 'status']),
  room: new Set(['name']),
  msg: new Set(['text', 'read']),
  member: new Set(['role', 'muted_until']),
  fav: new Set(),
  blocked: new Set(),
  rooms: new Set(),
  conversations: new Set(),
  members: new Set(),
  index: new Set(),
  unit: new Set(),
};

/**
 * Applies a patch to a document: reads the content, applies the patch to a copy, and asks for the one command that makes the
 * same of the world, under the name of the request. `done` gets the version of the document afterwards.
 */
export function writePatch(
  api: SessionApi,
  media: MediaFacts,
  { key, ver, patch }: PatchRequest,
  name: RequestName | null,
  done: (result: Result<IdResult, PatchRefusal>) => void,
): void {
  const viewKey = viewKeyOf(key);
  if (viewKey === null) return done(err({ type: 'not-found' }));
  const read = (then: (version: Version, content: Content) => void) =>
    api.content(viewKey, null, (result) => {
      if (!result.ok) return done(result);
      if (result.value.type === 'whole') then(result.value.version, result.value.value);
    });
  const pictures = new Map<string, string | null>();
  const write = (version: Version, content: Content) => {
    const seen = ver === undefined ? null : { identity: ver[0], number: ver[1] };
    if (seen !== null && isStale(key, seen, version)) return done(err({ type: 'conflict' })); // DOC-121
    const isOthers = key.type === 'user' && key.id !== api.person?.id;
    const allowed = isOthers ? new Set<string>() : writable[key.type];
    const changes = applyPatch(contentFields(content, key), patch, allowed);
    if (!changes.ok) return done(err({ type: changes.error })); // DOC-54 DOC-56
    if (changes.value.size === 0) return done(ok({ version })); // DOC-122
    const picture = changes.value.get('picture');
    if (key.type === 'user' && typeof picture === 'string' && !pictures.has(picture)) {
      const found = (digest: string | null) => {
        pictures.set(picture, digest);
        read(write); // The document may have changed meanwhile.
      };
      return void media.digestOf(key.id, picture).then(found, () => done(err({ type: 'unavailable' }))); // DOC-123
    }
    const command = commandFor({ key, changes: changes.value, content, seen, pictures, self: api.person?.id ?? 0 });
    if (!command.ok) return done(command);
    const changed: Done<IdResult> = (result) => {
      if (!result.ok) return done(result);
      read((after) => done(ok({ version: after }))); // DOC-120
    };
    api.command(command.value, changed, name);
  };
  read(write);
}

/** A room's version grows with each message, so there only the command knows whether the name has changed. */
function isStale({ type }: Key, seen: Version, current: Version): boolean {
  if (seen.identity !== current.identity) return true; // DOC-121
  return type === 'room' ? seen.number > current.number : seen.number !== current.number; // DOC-121
}

/** What a patch would change, and how the document looks to the person of the session. */
type Write = {
  readonly key: Key;
  readonly changes: Changes;
  readonly content: Content;
  readonly seen: Version | null;
  /** The digests of the pictures that are named by their paths; null if there is no such picture. */
  readonly pictures: ReadonlyMap<string, string | null>;
  readonly self: PersonId;
};

/** The command that makes these changes, or why there is none. */
function commandFor({ key, changes, content, seen, pictures, self }: Write): Result<IdCommand, PatchRefusal> {
  switch (key.type) {
    case 'user':
      return personCommand(changes, seen !== null, pictures);
    case 'room': {
      const name = textOf(changes, 'name');
      if (!name.ok) return name;
      const expected = seen === null ? {} : { expectedPosition: seen.number };
      return ok({ type: 'rename-room', room: key.id, displayName: name.value, ...expected }); // DOC-124
    }
    case 'msg':
      return messageCommand(key.id, changes, content, seen !== null, self);
    case 'member':
      return memberCommand(key.id, changes);
    default:
      return err({ type: 'not-allowed' });
  }
}

function personCommand(
  changes: Changes,
  isExpected: boolean,
  pictures: Write['pictures'],
): Result<IdCommand, PatchRefusal> {
  const profile: { -readonly [F in keyof ProfileChanges]: ProfileChanges[F] } = {};
  for (const [field, name] of [
    ['firstName', 'first_name'],
    ['lastName', 'last_name'],
  ] as const) {
    if (!changes.has(name)) continue;
    const value = changes.get(name) ?? null;
    if (value !== null && typeof value !== 'string') return unfit(`${name} is not a string or null`);
    profile[field] = value; // DOC-123
  }
  if (changes.has('display_name')) {
    const name = textOf(changes, 'display_name');
    if (!name.ok) return name;
    profile.displayName = name.value; // DOC-123
  }
  if (changes.has('picture')) {
    const path = changes.get('picture') ?? null;
    if (path !== null && typeof path !== 'string') return unfit('picture is not a string or null');
    const digest = path === null ? null : (pictures.get(path) ?? null);
    if (path !== null && digest === null) return unfit('picture is not the path of a picture that you uploaded'); // DOC-123
    profile.picture = digest;
  }
  const status = statusOf(changes);
  if (!status.ok) return status;
  const hasProfile = Object.keys(profile).length > 0;
  return ok({ type: 'change-person', profile: hasProfile ? profile : null, status: status.value, isExpected });
}

const presences: readonly Presence[] = ['online', 'away', 'busy', 'offline'];

function statusOf(changes: Changes): Result<StatusChange | null, PatchRefusal> {
  if (!changes.has('presence') && !changes.has('status')) return ok(null);
  const presence = presences.find((one) => one === changes.get('presence'));
  if (changes.has('presence') && presence === undefined) return unfit('presence is not online, away, busy or offline');
  const text = changes.get('status') ?? null;
  if (text !== null && typeof text !== 'string') return unfit('status is not a string or null');
  return ok({ ...(presence && { presence }), ...(changes.has('status') && { text }) }); // DOC-123
}

/** An author may change the text, and everybody else that the message was read. */
function messageCommand(
  [room, number]: readonly [number, number],
  changes: Changes,
  content: Content,
  isExpected: boolean,
  self: PersonId,
): Result<IdCommand, PatchRefusal> {
  if (content.type !== 'message') return err({ type: 'not-found' });
  const { message } = content;
  if (changes.has('read')) {
    if (changes.size > 1 || message.author.id === self) return err({ type: 'not-allowed' }); // DOC-126
    if (changes.get('read') !== true) return unfit('read can only become true');
    return ok({ type: 'read-room', room, number }); // DOC-126
  }
  const text = textOf(changes, 'text');
  if (!text.ok) return text;
  const expected = { edits: message.edits.length, deleted: message.deletedAt !== null };
  return ok({ type: 'edit-message', room, number, text: text.value, ...(isExpected && { expected }) }); // DOC-125
}

function memberCommand([room, person]: readonly [number, number], changes: Changes): Result<IdCommand, PatchRefusal> {
  if (changes.size > 1) return unfit('role and muted_until are changed one at a time');
  if (changes.has('role')) {
    const role = (['owner', 'moderator', 'member'] as const).find((one) => one === changes.get('role'));
    if (role === undefined) return unfit('role is not owner, moderator or member');
    return ok({ type: 'set-member-role', room, person, role }); // DOC-127
  }
  const until = changes.get('muted_until') ?? null;
  if (until === null) return ok({ type: 'unmute-member', room, person }); // DOC-127
  if (typeof until !== 'number' || !Number.isSafeInteger(until) || until < 0)
    return unfit('muted_until is not a number of milliseconds or null');
  return ok({ type: 'mute-member', room, person, until: until >= FOR_GOOD ? null : until }); // DOC-127
}

function textOf(changes: Changes, name: string): Result<string, PatchRefusal> {
  const value = changes.get(name);
  return typeof value === 'string' ? ok(value) : unfit(`${name} is not a string`);
}

function unfit(reason: string): Result<never, PatchRefusal> {
  return err({ type: 'unfit', reason });
}
