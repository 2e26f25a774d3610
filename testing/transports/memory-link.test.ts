import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../clock.ts';
import type { LinkReceiver } from '../../src/transports/link.ts';
import { type MemoryOptions, memoryPair } from './memory-link.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (received: Uint8Array) => new TextDecoder().decode(received);

/** A pair whose server end writes down what it hears. */
function listening(options: MemoryOptions = {}) {
  const clock = new FakeClock();
  const pair = memoryPair(clock, options);
  const heard: string[] = [];
  const receiver: LinkReceiver = {
    data: (received) => heard.push(text(received)),
    unreadable: (reason) => heard.push(reason),
    halfClosed: () => heard.push('finished'),
    alive: () => heard.push('alive'),
    drained: () => heard.push('drained'),
    closed: () => heard.push('closed'),
  };
  return { clock, ...pair, heard, listen: () => pair.link.listen(receiver) };
}

test('PORT-40 the memory peer sends in the cut it chooses, and what came before listening is given first', () => {
  const { clock, link, peer, heard, listen } = listening();
  peer.send(bytes('early'));
  listen();
  assert.deepEqual(heard, []);
  clock.turn();
  peer.send(bytes('a'), bytes('b'));
  link.pause();
  peer.send(bytes('held'));
  assert.deepEqual(heard, ['alive', 'early', 'alive', 'a', 'alive', 'b']);
  link.resume();
  clock.turn();
  assert.deepEqual(heard.slice(-2), ['alive', 'held']);
});

test('PORT-40 a memory link in message framing keeps messages apart that were joined into one write', () => {
  const { link, peer } = listening({ framing: 'message' });
  const [one, two] = [link.frame(bytes('one')), link.frame(bytes(''))];
  link.write(new Uint8Array([...one, ...two]));
  assert.deepEqual(peer.takeMessages().map(text), ['one', '']);
  assert.equal(link.writes.length, 1);
});

test('PORT-40 PORT-42 PORT-43 a memory peer that sends no more is alive, and that is told after all that it sent', () => {
  const { clock, link, peer, heard, listen } = listening();
  listen();
  clock.turn();
  link.pause();
  peer.send(bytes('held'));
  peer.halfClose();
  assert.deepEqual(heard, []);
  link.resume();
  clock.turn();
  assert.deepEqual(heard, ['alive', 'held', 'alive', 'finished']);
});

test('PORT-40 a stalled memory peer lets the backlog grow and drains it when it reads on', () => {
  const { clock, link, peer, heard, listen } = listening();
  listen();
  clock.turn();
  link.write(bytes('read'));
  peer.stopReading();
  link.write(bytes('unread'));
  assert.equal(link.backlog, 6);
  assert.equal(text(peer.take()), 'read');
  peer.resumeReading();
  assert.equal(link.backlog, 0);
  assert.equal(text(peer.take()), 'unread');
  assert.deepEqual(heard, ['drained']);
});

test('PORT-40 a memory link ends at the end of the turn, a stalled one after 2 s, and hears nothing more', () => {
  const prompt = listening();
  prompt.listen();
  prompt.clock.turn();
  prompt.link.end('done', 'bye');
  assert.deepEqual(prompt.link.ended, { kind: 'done', reason: 'bye' });
  prompt.link.write(bytes('late'));
  prompt.peer.send(bytes('late'));
  assert.deepEqual(prompt.heard, []);
  prompt.clock.turn();
  assert.deepEqual(prompt.heard, ['closed']);
  assert.equal(prompt.peer.take().length, 0);

  const stalled = listening();
  stalled.listen();
  stalled.peer.stopReading();
  stalled.link.write(bytes('unread'));
  stalled.link.end('too-slow', '');
  stalled.clock.advance(1_999);
  assert.deepEqual(stalled.heard, []);
  stalled.clock.advance(1);
  assert.deepEqual(stalled.heard, ['closed']);
});

test('PORT-40 a memory peer answers a probe unless it vanished; closing is told once', () => {
  const { clock, link, peer, heard, listen } = listening();
  listen();
  assert.equal(link.probe(), true);
  clock.turn();
  assert.deepEqual(heard, ['alive']);
  peer.loseNetwork();
  link.probe();
  peer.send(bytes('unheard'));
  clock.turn();
  assert.equal(link.probes, 2);
  assert.deepEqual(heard, ['alive']);
  peer.close();
  peer.close();
  assert.deepEqual(heard, ['alive', 'closed']);
});
