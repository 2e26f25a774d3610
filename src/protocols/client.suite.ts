import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  type ClientFixture,
  connectOnline,
  type FakeSocket,
  isError,
  readEvents,
} from '../../testing/clients/fixture.ts';
import { checkDelays } from '../../testing/clients/reconnecting.ts';

type TestClient = AsyncIterable<unknown, undefined> & { close(): Promise<void> };

/** The rule that each test proves for one client library. */
export type ClientRules = {
  readonly connecting: string;
  readonly outcome: string;
  readonly reconnecting: string;
  /** Missing if messages have no id. */
  readonly seen?: string;
  readonly events: string;
  readonly silence: string;
  readonly closing: string;
};

/** Uses a client library, and plays the server. */
export type ClientScript<S extends FakeSocket<unknown>, C extends TestClient> = {
  fixture(): ClientFixture<S>;
  connect(fixture: ClientFixture<S>): Promise<C>;
  /** Sends a message to everybody. */
  speak(client: C): Promise<unknown>;
  /** The server accepts the login; `answer` answers a probe. */
  welcome(socket: S): void;
  refuse(socket: S, reason: string): void;
  confuse(socket: S): void;
  answer(socket: S): void;
  /** The server shows a message with this id; `shown` is its event. */
  say(socket: S, id: string): void;
  shown(id: string): unknown;
  /** The type of a sent frame; and the types of the probe and the logout. */
  kind(sent: S['sent'][number]): unknown;
  readonly probe: unknown;
  readonly logout: unknown;
  /** The events of the library itself. */
  offline(reason: string): unknown;
  missed(count: number): unknown;
};

/** The tests that every client library must pass: enter, be refused, reconnect, be silent, close. */
export function clientSuite<S extends FakeSocket<unknown>, C extends TestClient>(
  name: string,
  rules: ClientRules,
  script: ClientScript<S, C>,
): void {
  function online() {
    const fixture = script.fixture();
    return connectOnline(fixture, script.connect(fixture), (socket) => script.welcome(socket));
  }

  const kinds = (socket: S) => socket.sent.map((sent) => script.kind(sent));

  describe(`every client library: ${name}`, () => {
    test(`${rules.connecting} connect rejects if the server refuses, closes, is silent for 20 s, or answers nonsense`, async () => {
      const attempt = async (act: (socket: S) => void) => {
        const fixture = script.fixture();
        const promise = script.connect(fixture);
        promise.catch(() => {});
        await setImmediate();
        act(fixture.latest());
        fixture.clock.advance(60_000);
        assert.deepEqual([fixture.sockets.length, fixture.sockets[0]?.closed, fixture.clock.timers], [1, true, 0]);
        return promise;
      };
      const opened = (act: (socket: S) => void) => (socket: S) => {
        socket.open();
        act(socket);
      };
      const refused = attempt(opened((socket) => script.refuse(socket, 'this name is taken')));
      await assert.rejects(refused, isError('refused', /^this name is taken$/));
      await assert.rejects(attempt(opened((socket) => script.confuse(socket))), isError('unreadable'));
      await assert.rejects(
        attempt((socket) => socket.drop('go away')),
        isError('offline', /^go away$/),
      );
      await assert.rejects(attempt(opened(() => {})), isError('offline', /20 s/));
    });

    test(`${rules.outcome} after a lost connection pending requests reject with an unknown outcome, and later ones are not sent`, async () => {
      const { client, socket, clock, latest } = await online();
      const pending = [script.speak(client), script.speak(client)];
      socket.drop();
      for (const promise of pending) await assert.rejects(promise, isError('unknown-outcome', /unknown/));
      await assert.rejects(script.speak(client), isError('offline'));
      assert.equal(socket.sent.length, 2);
      clock.advance(1_000);
      assert.notEqual(latest(), socket);
      latest().open();
      await assert.rejects(script.speak(client), isError('offline'));
      assert.equal(latest().sent.length, 1);
    });

    test(`${rules.reconnecting} it reconnects after half of 250 ms, doubled up to 30 s, if the random number is a half`, async () => {
      checkDelays(await online());
    });

    test(`${rules.reconnecting} the doubling starts again after 30 s online, and not before, whatever the wall clock says`, async () => {
      const { socket, clock, sockets, latest } = await online();
      const back = (ms: number) => {
        clock.advance(ms - 1);
        const before = sockets.length;
        clock.advance(1);
        assert.equal(sockets.length, before + 1);
        latest().open();
        script.welcome(latest());
      };
      socket.drop();
      back(125);
      clock.advance(29_999);
      clock.jump(3_600_000);
      latest().drop();
      back(250);
      clock.advance(30_000);
      clock.jump(-7_200_000);
      latest().drop();
      back(125);
    });

    if (rules.seen !== undefined) {
      test(`${rules.seen} the last 2,000 messages are remembered`, async () => {
        const { client, socket } = await online();
        const reader = client[Symbol.asyncIterator]();
        for (let index = 0; index < 2_001; index++) {
          script.say(socket, `${index}`);
          await reader.next();
        }
        for (const id of ['1', '0']) script.say(socket, id);
        assert.deepEqual(await readEvents(client), [script.shown('0')]);
      });
    }

    test(`${rules.events} the last 1,024 unread events are kept, and one event counts the others`, async () => {
      const { client, socket } = await online();
      for (let index = 0; index < 1_030; index++) script.say(socket, `${index}`);
      const events = await readEvents(client);
      assert.deepEqual(events.slice(0, 2), [script.missed(6), script.shown('6')]);
      assert.equal(events.length, 1_025);
    });

    test(`${rules.silence} a silent connection is probed after 30 s and closed after 60 s`, async () => {
      const { client, socket, clock } = await online();
      script.say(socket, 'a');
      clock.advance(30_000);
      assert.deepEqual(socket.sent, []);
      clock.advance(30_000);
      assert.deepEqual(kinds(socket), [script.probe]);
      script.answer(socket);
      clock.advance(30_000);
      assert.deepEqual([socket.sent.length, socket.closed], [1, false]);
      clock.advance(59_999);
      assert.deepEqual([socket.sent.length, socket.closed], [2, false]);
      clock.advance(1);
      assert.equal(socket.closed, true);
      assert.deepEqual(await readEvents(client), [script.shown('a'), script.offline('nothing heard')]);
    });

    test(`${rules.closing} close logs out, and resolves when the connection ends, which ends the iterator`, async () => {
      const { client, socket, clock } = await online();
      script.say(socket, 'a');
      const closed = client.close();
      assert.equal(client.close(), closed);
      assert.deepEqual(kinds(socket), [script.logout]);
      await assert.rejects(script.speak(client), isError('closed'));
      socket.drop();
      await closed;
      const events: unknown[] = [];
      for await (const event of client) events.push(event);
      assert.deepEqual([events, clock.timers], [[script.shown('a')], 0]);
      await client.close();
    });

    test(`${rules.closing} close waits 2 s at most`, async () => {
      const { client, socket, clock, sockets } = await online();
      const closed = client.close();
      clock.advance(1_999);
      assert.equal(socket.closed, false);
      clock.advance(1);
      assert.equal(socket.closed, true);
      await closed;
      assert.deepEqual([sockets.length, clock.timers], [1, 0]);
    });

    test(`${rules.closing} close works while the client waits to reconnect, and while it reconnects`, async () => {
      for (const ms of [0, 125]) {
        const { client, socket, clock, sockets, latest } = await online();
        socket.drop();
        clock.advance(ms);
        await client.close();
        clock.advance(60_000);
        assert.deepEqual([clock.timers, latest().closed, sockets.length], [0, true, ms > 0 ? 2 : 1]);
      }
    });
  });
}
