import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Upload } from '../../src/core/model/file.ts';
import type { Message } from '../../src/core/model/message.ts';
import { personStream } from '../../src/core/model/ids.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { Result } from '../../src/lib/result.ts';
import { fileInfo } from '../../testing/storage/samples.ts';
import type { Stage } from './stage.ts';
import { forSeeds } from './two-worlds.ts';

const SEEDS = 50;
const FILES = 6;

/** Two nodes send and drop the same files. */
export function filesSuite(stage: Stage): void {
  test('WORLD-240 WORLD-246 on two nodes each file is sent once or dropped, never both', async () => {
    let sent = 0;
    let dropped = 0;
    const seeds = await forSeeds(stage, SEEDS, async ({ random, storage, worlds, passTime, converge }, seed) => {
      const [first, second] = worlds;
      assert.ok(first !== undefined && second !== undefined);
      const person = await first.member('ada');
      passTime();
      await converge();
      await second.login('ada');
      const ids = Array.from({ length: FILES }, (_, index) => `file ${index}`);
      for (const id of ids) await first.must<Upload>((world, done) => world.files.add(person, fileInfo(id), done));
      passTime();
      const tries = ids.flatMap((id) =>
        worlds.flatMap((app) => [
          { id, app, drops: false },
          { id, app, drops: random.next() < 0.3 },
        ]),
      );
      const answers = random.shuffle(tries).map(async ({ id, app, drops }) => {
        if (drops) return app.ask((world, done) => world.files.drop({ person, id }, done));
        const post = { text: '', clientTime: null, file: fileInfo(id).address };
        const ask = (done: (result: Result<Message, Refusal>) => void) =>
          app.world.messages.post(person, app.world.lobby, post, done);
        const result = await app.ask<Message>((_world, done) => ask(done));
        if (result.ok) sent++;
        return result;
      });
      await Promise.all(answers);
      await converge();
      const { messages } = await storage.page(first.world.lobby, null, 1_000);
      const named = messages.flatMap(({ file }) => file?.id ?? []);
      assert.equal(new Set(named).size, named.length, `seed ${seed}: a file in two messages`);
      const { uploads } = await storage.load(personStream(person));
      const found = await Promise.all(ids.map((id) => storage.file(id)));
      const kept = ids.filter((_, index) => found[index] !== null);
      assert.deepEqual(kept.toSorted(), [...named, ...uploads.map(({ id }) => id)].toSorted(), `seed ${seed}`);
      dropped += FILES - kept.length;
    });
    if (seeds === SEEDS) assert.ok(sent > SEEDS && dropped > 0, `${sent} sent, ${dropped} dropped`);
  });
}
