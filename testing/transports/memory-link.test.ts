import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../clock.ts';
import type { LinkReceiver } from '../../src/transports/link.ts';
import { type MemoryOptions, memoryPair } from './memory-link.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (received: Uint8Array) => new TextDecoder().decode(received);

/** A pair, and a log of the events of its link. */
function listening(options: MemoryOptions = {}) {
  const clock = new FakeClock();
  const pair = memoryPair(clock, options);
  const events: string[] = [];
  const receiver: LinkReceiver = {
    data: (received) => events.push(text(received)),
    unreadable: (reason) => events.push(reason),
    halfClosed: () => events.push('finished'),
    alive: () => events.push('alive'),
    proved: (probe) => events.push(`proved ${probe}`),
    drained: () => events.push('drained'),
    closed: () => events.push('closed'),
  };
  return { clock, ...pair, events, listen: () => pair.link.listen(receiver) };
}

test('PORT-40 the memory peer chooses how its bytes are cut, and bytes from before `listen` are delivered first', () => {
  const { clock, link, peer, events, listen } = listening();
  peer.send(bytes('early'));
  listen();
  assert.deepEqual(events, []);
  clock.turn();
  peer.send(bytes('a'), bytes('b'));
  link.pause();
  peer.send(bytes('held'));
  assert.deepEqual(events, ['alive', 'early', 'alive', 'a', 'alive', 'b']);
  link.resume();
  clock.turn();
  assert.deepEqual(events.slice(-2), ['alive', 'held']);
});

test('PORT-40 a memory link with message framing separates messages that were joined into one write', () => {
  const { link, peer } = listening({ framing: 'message' });
  const [one, two] = [link.frame(bytes('one')), link.frame(bytes(''))];
  link.write(new Uint8Array([...one, ...two]));
  assert.deepEqual(peer.takeMessages().map(text), ['one', '']);
  assert.equal(link.writes.length, 1);
});

test('PORT-40 PORT-43 a half-close of a memory peer is reported after all data', () => {
  const { clock, link, peer, events, listen } = listening();
  listen();
  clock.turn();
  link.pause();
  peer.send(bytes('held'));
  peer.halfClose();
  assert.deepEqual(events, []);
  link.resume();
  clock.turn();
  assert.deepEqual(events, ['alive', 'held', 'finished']);
});

test('PORT-40 the unsent bytes grow while a memory peer does not read, and drains when it reads again', () => {
  const { clock, link, peer, events, listen } = listening();
  listen();
  clock.turn();
  link.write(bytes('read'));
  peer.stopReading();
  link.write(bytes('unread'));
  assert.equal(link.unsentBytes, 6);
  assert.equal(text(peer.take()), 'read');
  peer.resumeReading();
  assert.equal(link.unsentBytes, 0);
  assert.equal(text(peer.take()), 'unread');
  assert.deepEqual(events, ['drained']);
});

test('PORT-40 a memory link is closed at the end of the turn, a stalled one after 2 s, and receives nothing more', () => {
  const prompt = listening();
  prompt.listen();
  prompt.clock.turn();
  prompt.link.end('done', 'bye');
  assert.deepEqual(prompt.link.ended, { kind: 'done', reason: 'bye' });
  prompt.link.write(bytes('late'));
  prompt.peer.send(bytes('late'));
  assert.deepEqual(prompt.events, []);
  prompt.clock.turn();
  assert.deepEqual(prompt.events, ['closed']);
  assert.equal(prompt.peer.take().length, 0);

  const stalled = listening();
  stalled.listen();
  stalled.peer.stopReading();
  stalled.link.write(bytes('unread'));
  stalled.link.end('too-slow', '');
  stalled.clock.advance(1_999);
  assert.deepEqual(stalled.events, []);
  stalled.clock.advance(1);
  assert.deepEqual(stalled.events, ['closed']);
});

test('PORT-40 a memory peer answers a probe unless it lost the network; `closed` comes once', () => {
  const { clock, link, peer, events, listen } = listening();
  listen();
  assert.equal(link.probe(), 1);
  clock.turn();
  assert.deepEqual(events.splice(0), ['alive', 'proved 1']);
  peer.loseNetwork();
  link.probe();
  peer.send(bytes('unheard'));
  clock.turn();
  assert.equal(link.probes, 2);
  assert.deepEqual(events, []);
  peer.close();
  peer.close();
  assert.deepEqual(events, ['closed']);
});

test('PORT-40 a memory peer answers a probe after it has read what was written before, or when it is told', () => {
  const { clock, link, peer, events, listen } = listening();
  listen();
  peer.stopReading();
  link.write(bytes('one'));
  link.probe();
  clock.turn();
  assert.deepEqual(events, []);
  peer.resumeReading();
  clock.turn();
  assert.deepEqual(events.splice(0), ['drained', 'alive', 'proved 1']);
  peer.holdProbes();
  link.probe();
  clock.turn();
  assert.deepEqual(events, []);
  peer.answerProbes();
  assert.deepEqual(events, ['alive', 'proved 2']);
});

test('PORT-40 PORT-42 the end of a memory link proves the last probe, unless the peer closes first', () => {
  for (const [isFirst, expected] of [[false, ['proved 1', 'closed']] as const, [true, ['closed']] as const]) {
    const { clock, link, peer, events, listen } = listening();
    listen();
    peer.ignoreProbes();
    link.probe();
    link.end('done', '');
    if (isFirst) peer.close();
    clock.turn();
    assert.deepEqual(events, expected);
  }
});
