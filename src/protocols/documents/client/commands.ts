import type { Change } from '../patches/content-patch.ts';
import { pointerTo } from '../patches/pointer.ts';
import type { Key, Success, Version } from '../schema.ts';
import type { ContentOf, EntryOf, Found, KeyOf } from './documents.ts';
import { unfit } from './error.ts';
import type { Class, DataOf, Requests } from './requests.ts';
import { afterAnswer, type Content, type Page, type PageOptions } from './target.ts';

/** A person in a room who must not come back, until a time in milliseconds since 1970 or for good. */
export type Ban = DataOf<'ban'>;

type RoomKey = KeyOf<'room'>;
type AddData = DataOf<'add_child'>;
type RemoveData = DataOf<'remove_child'>;
/** When an invitation ends, in milliseconds since 1970, and how many people may use it. */
export type InvitationTerms = Omit<DataOf<'invite'>, 'room'>;

/** A new invitation: whoever has its code joins the room until then. */
export type NewInvitation = AnswerTo<'invite'>['data'];

/** The room to which an invitation leads. */
export type Invitation = AnswerTo<'invitation'>['data'];

/** What can be added to a document with this key, or removed from it. */
type ChildOf<D, K> = D extends { key: infer Parent; obj: infer Child } ? (K extends Parent ? Child : never) : never;
/** What answers a request of this class with what the person asked for. */
type AnswerTo<C extends Class> = Extract<Success, { cls: C }>;

/** What a client asks for once. All of it rejects as `request` does. */
export abstract class Commands {
  protected readonly requests: Requests;

  protected constructor(requests: Requests) {
    this.requests = requests;
  }

  /**
   * Sends any request and resolves with its answer. Rejects with a DocumentsError: `refused` if the server refuses it, `offline` or
   * `closed` if it was not sent, `unknown-outcome` if the connection was lost before the answer and the server cannot say more.
   */
  async request<C extends Class>(cls: C, data: DataOf<C>): Promise<AnswerTo<C>> {
    const answer = await this.requests.promise({ cls, data });
    if (answer.cls !== cls) throw unfit(); // DOC-200
    return answer as AnswerTo<C>;
  }

  /** The content of a document as it is now. */
  async get<K extends Key>(key: K): Promise<ContentOf<K['type']>> {
    return wholeOf(await this.request('get_content', { key })) as unknown as ContentOf<K['type']>;
  }

  /** A page of a document's children as it is now. */
  async getPage<K extends Key>(key: K, options: PageOptions = {}): Promise<Page<EntryOf<K['type']>>> {
    return wholeOf(await this.request('get_children', { ...options, key })) as unknown as Page<EntryOf<K['type']>>;
  }

  /** Adds a child, such as a room to `keys.rooms` or a person to `keys.fav`; resolves with its key. */
  async add<K extends Key>(key: K, obj: ChildOf<AddData, K>): Promise<EntryOf<K['type']>['key']> {
    const { data } = await this.request('add_child', { key, obj } as AddData);
    this.added();
    return data.key as EntryOf<K['type']>['key'];
  }

  /** Removes a child: leaves a room, deletes a message, ends a contact or a block. */
  async remove<K extends Key>(key: K, obj: ChildOf<RemoveData, K>): Promise<void> {
    await this.request('remove_child', { key, obj } as RemoveData);
  }

  /**
   * Sets fields of a content, or applies operations of JSON Patch; resolves with the version after that. With a version, such as
   * that of a live value, it is refused with 409 if the content was changed meanwhile.
   */
  async patch(key: Key, fields: Content | readonly Change[], version: Version | null = null): Promise<Version> {
    const patch = Array.isArray(fields) ? [...fields] : operationsOf(fields as Content);
    const { data } = await this.request('patch_content', { key, patch, ...(version && { ver: version }) });
    return data.ver;
  }

  /**
   * What has all words of the text: people, rooms and messages that this person may read, or only some of these. With a `sender` it is
   * messages of that person alone, and the text may be empty.
   */
  async search(text: string, options: Omit<DataOf<'search'>, 'text'> = {}): Promise<Found> {
    const { data } = await this.request('search', { ...options, text });
    return data as unknown as Found;
  }

  /** Keeps a person from a room, in the name of somebody of higher rank there. */
  async ban(ban: Ban): Promise<void> {
    await this.request('ban', ban);
  }

  /** Makes an invitation to a room: the code of a link. Without terms it lasts for seven days, and any number of people may use it. */
  async invite(room: RoomKey, terms: InvitationTerms = {}): Promise<NewInvitation> {
    const { data } = await this.request('invite', { ...terms, room });
    return data;
  }

  /** Looks where an invitation leads, before joining. */
  async invitation(code: string): Promise<Invitation> {
    const { data } = await this.request('invitation', { code });
    return data;
  }

  /** Joins the room of an invitation; resolves with its key, also for a member. */
  joinByInvitation(code: string): Promise<RoomKey> {
    return this.add(this.keys.rooms, { key: { type: 'room' }, invitation: code });
  }

  /** Withdraws the own invitations to a room; all of them, if this person moderates it. */
  async endInvitations(room: RoomKey): Promise<void> {
    await this.request('end_invitations', { room });
  }

  /** The keys of the person's own documents. */
  abstract get keys(): { readonly rooms: KeyOf<'rooms'> };

  /** Something was added, so that the server may refuse less than before. */
  protected abstract added(): void;
}

/** What was asked for without a version. */
function wholeOf(answer: Success): Content | Page {
  const copied = afterAnswer(null, undefined, answer);
  if (copied === null) throw unfit(); // DOC-200
  return copied.value;
}

function operationsOf(fields: Content): Change[] {
  return Object.entries(fields).map(([name, value]) => {
    const path = pointerTo('', name);
    return value === undefined ? { op: 'remove', path } : { op: 'add', path, value };
  });
}
