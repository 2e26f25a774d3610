import type { ClientCodec, Incoming } from '../../lib/request-channel.ts';
import { BoundedMap } from '../../lib/bounded-map.ts';
import type { ConnectionFailure, ClientProtocol } from '../../lib/reconnecting/reconnecting-client.ts';
import { JsonFrames } from '../json-frames.ts';
import { failure, isFinal, connectionError, type TaggedError } from './client-error.ts';
import { down, writeUp } from './codec.ts';
import type { Group, Me, Push, Reply, Up, UpOf, User } from './schema.ts';

const REMEMBERED = 2_000;
const utf8 = new TextEncoder();

/** An event of the iterator. `missed` counts events that were dropped because the program did not read them in time. */
export type ClientEvent =
  | Push
  | { readonly message: 'offline'; readonly reason: string }
  | { readonly message: 'online' }
  | { readonly message: 'missed'; readonly count: number };

/** Each request has a tag, and its reply has the same one. */
export const codec: ClientCodec<Up, Reply, Push> = {
  encode: (request, tag) => writeUp(tag === null ? request : { ...request, tag }), // TAG-81
  decode: readFrame,
};

/** The client's side of tagged for `ReconnectingClient`, and the state that it needs after reconnecting. */
export class ClientState implements ClientProtocol<Up, Reply, Push, ClientEvent, TaggedError> {
  readonly codec = codec;
  readonly probe: Up = { message: 'detail.users', usernames: [] }; // TAG-90
  readonly logout: Up = { message: 'logout' }; // TAG-89
  readonly serverEnds = true;
  readonly online = { message: 'online' } as const;
  readonly #seenTags = new BoundedMap<true>(REMEMBERED); // TAG-86
  /** The login, for now and after each reconnect. */
  loginRequest: UpOf<'login'>;
  /** This person's profile, as the server sent it last. */
  me: Me;
  /** The users and groups that the server sent last. */
  users: readonly User[] = [];
  groups: readonly Group[] = [];

  constructor(login: UpOf<'login'>) {
    this.loginRequest = login;
    this.me = { username: login.username, display_name: login.username, status: '' };
  }

  login(): Up {
    return this.loginRequest;
  }

  loginFailure(reply: Reply): TaggedError | null {
    if (reply.reply !== 'login' || reply.result !== 200 || !reply.me) return failure(reply); // TAG-80
    this.me = reply.me;
    return null;
  }

  eventOf(push: Push): ClientEvent | null {
    if (push.message === 'detail.users') this.users = push.users;
    else if (push.message === 'detail.groups') this.groups = push.groups;
    else if (push.tag !== undefined && this.#seenTags.set(push.tag, true)) return null; // TAG-86
    return push;
  }

  offline(reason: string): ClientEvent {
    return { message: 'offline', reason };
  }

  missed(count: number): ClientEvent {
    return { message: 'missed', count }; // TAG-87
  }

  failure(why: ConnectionFailure, message: string): TaggedError {
    return connectionError(why, message); // TAG-84
  }

  permanentFailure(error: TaggedError): TaggedError | null {
    return isFinal(error) ? error : null; // TAG-85
  }
}

function readFrame(frame: string | Uint8Array): Incoming<Reply, Push> {
  const bytes = typeof frame === 'string' ? utf8.encode(frame) : frame;
  const [read] = new JsonFrames(down, 'message').push(bytes);
  if (read === undefined || !read.ok) return read?.fatal ? { type: 'broken', reason: read.reason } : { type: 'skip' }; // TAG-88
  const { message } = read;
  if ('message' in message) return { type: 'push', message };
  const { tag } = message;
  return typeof tag === 'string' ? { type: 'reply', message, tag } : { type: 'skip' }; // TAG-81
}
