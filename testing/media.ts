import { once } from 'node:events';
import { join } from 'node:path';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { PersonId } from '../src/core/model/ids.ts';
import type { HttpHandler } from '../src/transports/accept/http-upgrader.ts';
import { PictureEncoder } from '../src/server/media/encoder.ts';
import { answerMedia } from '../src/server/media/media.ts';
import { DirectoryBlobs } from '../src/server/blobs/directory.ts';
import { Pictures } from '../src/server/media/pictures.ts';
import { UploadLimits } from '../src/server/media/upload-limits.ts';
import type { UploadSources } from '../src/server/media/upload.ts';
import { temporaryDirectory } from './temporary.ts';
import { openTestPort, type TestPort, type TestPortOptions } from './transports/port.ts';

/** A red picture with some blue, so that it is not one plain colour. */
export function samplePicture(width = 40, height = 20): Sharp {
  const blue = { create: { width: Math.ceil(width / 2), height, channels: 3, background: '#0000ff' } } as const;
  const red = { create: { width, height, channels: 3, background: '#ff0000' }, limitInputPixels: false } as const;
  return sharp(red).composite([{ input: blue, left: 0, top: 0 }]);
}

/** A PNG that says in its head to have so many pixels, and has nearly none. */
export function bomb(width: number, height: number, png: Buffer): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

type Asked = readonly [method: string, path: string, headers?: OutgoingHttpHeaders, body?: Uint8Array];

/** Sends a request to this port, over a connection of its own. */
export async function requestFrom(port: number, ...[method, path, headers = {}, body]: Asked): Promise<HttpAnswer> {
  const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
  asking.on('error', () => {}); // After an early answer; before it, the wait for the answer fails.
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: Number(response.statusCode), headers: response.headers, body: await buffer(response) };
}

type Person = { readonly displayName: string; readonly account: boolean; readonly picture?: string };

/** Media on a real port. The test changes the people and the sessions. */
export type TestMedia = {
  readonly port: TestPort;
  /** The data directory. */
  readonly directory: string;
  readonly pictures: Pictures;
  readonly people: Map<PersonId, Person>;
  readonly sessions: Map<string, PersonId>;
  request(...asked: Asked): Promise<HttpAnswer>;
  /** Uploads in the session `alice`, of person 1. */
  upload(body: Uint8Array, headers?: OutgoingHttpHeaders): Promise<HttpAnswer>;
};

/** Serves media with a fake clock; person 1 is the account `Alice` with the session `alice`. */
export async function openTestMedia(
  t: TestContext,
  changes: Partial<UploadSources> = {},
  options: TestPortOptions = {},
): Promise<TestMedia> {
  let handler: HttpHandler = (_request, response) => response.destroy();
  const port = await openTestPort(t, { handler: (...asked) => handler(...asked), ...options });
  const directory = temporaryDirectory(t);
  const pictures = new Pictures(new DirectoryBlobs(join(directory, 'pictures'), port.clock));
  const people = new Map<PersonId, Person>([[1, { displayName: 'Alice', account: true }]]);
  const sessions = new Map([['alice', 1]]);
  const write = (event: string, fields = {}) => port.logged.push({ ...fields, event });
  const log = { info: write, warn: write, error: write };
  const shown = {
    pictures,
    pictureOf: (person: PersonId) => people.get(person)?.picture ?? null,
    displayName: (person: PersonId) => people.get(person)?.displayName ?? null,
    key: 'key',
    log,
  };
  const uploads: UploadSources = {
    pictures,
    encoder: new PictureEncoder({ log }),
    limits: new UploadLimits(port.clock),
    sessionOwner: async (secret) => sessions.get(secret) ?? null,
    isAccount: (person) => people.get(person)?.account === true,
    problem: async () => null,
    log,
    ...changes,
  };
  handler = answerMedia(shown, uploads);

  const ask = (...asked: Asked) => requestFrom(port.port, ...asked);
  return {
    port,
    directory,
    pictures,
    people,
    sessions,
    request: ask,
    upload: (body, headers) => ask('POST', '/media/pictures', { Authorization: 'Bearer alice', ...headers }, body),
  };
}
