import { join } from 'node:path';
import type { OutgoingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import type { FileInfo } from '../src/core/model/file.ts';
import type { PersonId, RoomId } from '../src/core/model/ids.ts';
import type { Message } from '../src/core/model/message.ts';
import type { HttpHandler } from '../src/transports/accept/http-upgrader.ts';
import { DirectoryBlobs } from '../src/server/blobs/directory.ts';
import { answerFiles } from '../src/server/files/files.ts';
import { Quotas } from '../src/server/files/quotas.ts';
import { sweepFiles } from '../src/server/files/sweep.ts';
import { UploadLimits } from '../src/server/files/upload-limits.ts';
import type { UploadSources } from '../src/server/files/upload.ts';
import { systemIds } from '../src/server/ids.ts';
import { FakeClock } from './clock.ts';
import { type HttpAnswer, requestFrom } from './media.ts';
import { temporaryDirectory } from './temporary.ts';
import { openTestPort, type TestPort, type TestPortOptions } from './transports/port.ts';
import { TestWorld } from './world.ts';

/** A clock whose turns end by themselves: for a world that sockets drive. */
class TurningClock extends FakeClock {
  override endOfTurn(run: () => void): void {
    setImmediate(run);
  }
}

type FilesChanges = Partial<UploadSources> & { readonly personBytes?: number };

/** What a client is told of the file that it uploaded. */
type Uploaded = Omit<FileInfo, 'id' | 'origin' | 'digest'>;

/** Files on a real port, over a world in memory. */
export type TestFiles = {
  readonly app: TestWorld;
  readonly port: TestPort;
  /** The data directory, and the one of the bytes in it. */
  readonly data: string;
  readonly directory: string;
  readonly alice: PersonId;
  readonly room: RoomId;
  readonly sessions: Map<string, PersonId>;
  request(method: string, path: string, headers?: OutgoingHttpHeaders, body?: Uint8Array): Promise<HttpAnswer>;
  /** Uploads in the session `alice`. */
  upload(body: Uint8Array | string, name?: string, headers?: OutgoingHttpHeaders): Promise<HttpAnswer>;
  /** The same, which must succeed. */
  uploaded(body: Uint8Array | string, name?: string): Promise<Uploaded>;
  /** Alice posts a message with this file. */
  post(address: string): Promise<Message>;
  /** Begins to sweep, with the clock of the world; returns the function that ends it. */
  sweep(): () => void;
};

/** Serves files. The account `alice` has the session `alice` and a group. */
export async function openTestFiles(
  t: TestContext,
  { personBytes = 2 ** 30, ...changes }: FilesChanges = {},
  options: TestPortOptions = {},
): Promise<TestFiles> {
  const app = await TestWorld.open({ clock: new TurningClock() });
  const alice = await app.member('alice');
  const room = await app.group(alice, 'garden');
  let handler: HttpHandler = (_request, response) => response.destroy();
  const port = await openTestPort(t, { handler: (...asked) => handler(...asked), ...options });
  const data = temporaryDirectory(t);
  const directory = join(data, 'files');
  const blobs = new DirectoryBlobs(directory, app.clock);
  const sessions = new Map([['alice', alice]]);
  const write = (event: string, fields = {}) => port.logged.push({ ...fields, event });
  const log = { info: write, warn: write, error: write };
  const { storage, world } = app;
  const uploads: UploadSources = {
    blobs,
    files: world.files,
    quotas: new Quotas(storage, personBytes),
    limits: new UploadLimits(),
    maxBytes: 2 ** 20,
    publicAddress: undefined,
    sessionOwner: async (secret) => sessions.get(secret) ?? null,
    isAccount: (person) => world.people.account(person) !== undefined,
    problem: async () => null,
    freeBytes: async () => 2 ** 40,
    ids: systemIds(app.clock),
    log,
    ...changes,
  };
  handler = answerFiles({ storage, blobs, log }, uploads);

  const request: TestFiles['request'] = (...asked) => requestFrom(port.port, ...asked);
  const upload: TestFiles['upload'] = (body, name = 'a.bin', headers = {}) => {
    const path = `/files?name=${encodeURIComponent(name)}`;
    return request('POST', path, { Authorization: 'Bearer alice', ...headers }, Buffer.from(body));
  };
  return {
    app,
    port,
    data,
    directory,
    alice,
    room,
    sessions,
    request,
    upload,
    async uploaded(body, name) {
      const { status, body: text } = await upload(body, name);
      if (status !== 201) throw new Error(`${status}: ${text.toString()}`);
      return JSON.parse(text.toString()) as Uploaded;
    },
    post: (file) =>
      app.must((asked, done) => asked.messages.post(alice, room, { text: '', clientTime: null, file }, done)),
    sweep: () => sweepFiles({ files: world.files, storage, blobs, clock: app.clock, log }),
  };
}
