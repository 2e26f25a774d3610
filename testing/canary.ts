import assert from 'node:assert/strict';
import { afterEach } from 'node:test';

// Imported into every test process: fails a test after which a built-in prototype has changed (T4).
const prototypes = [Object, Array, Function, String, Number, Boolean, Map, Set, Promise, Uint8Array];
const before = prototypes.map(({ prototype }) => Reflect.ownKeys(prototype).length);

afterEach(() => {
  const after = prototypes.map(({ prototype }) => Reflect.ownKeys(prototype).length);
  assert.deepEqual(after, before, 'T4: a prototype was changed');
});
