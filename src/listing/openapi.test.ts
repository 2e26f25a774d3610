import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { ListingScene } from '../../testing/listing-scene.ts';
import { serversSchema, statusSchema } from './schema.ts';

test('LIST-19 /openapi.json describes every path, method and status, by the schemas that check what comes', async () => {
  const scene = new ListingScene();
  const document = JSON.parse((await scene.ask('GET', '/openapi.json')).body);
  assert.equal(document.openapi, '3.1.0');
  const statuses = (path: string) =>
    Object.fromEntries(
      Object.entries(document.paths[path] as { [method: string]: { responses?: object } }).flatMap(
        ([method, { responses }]) => (responses === undefined ? [] : [[method, Object.keys(responses).map(Number)]]),
      ),
    );
  assert.deepEqual(statuses('/servers'), { get: [200] });
  assert.deepEqual(statuses('/servers/{id}'), {
    get: [200, 401, 429],
    post: [201, 400, 413, 429, 503],
    put: [200, 400, 401, 413, 429, 503],
    delete: [200, 400, 401, 429, 503],
  });
  const properties = document.paths['/servers/{id}'].put.requestBody.content['application/json'].schema;
  assert.equal(properties.additionalProperties, false);
  assert.deepEqual(Object.keys(properties.properties), ['serverName', 'address', 'connectedUsers', 'maxUsers']);
  assert.equal(properties.required, undefined);
});

test('LIST-19 the answers fit their schemas', async () => {
  const scene = new ListingScene();
  const key = await scene.list(7, { address: '198.41.0.4:5000' });
  assert.ok(Compile(serversSchema).Check(JSON.parse((await scene.ask('GET', '/servers')).body)));
  assert.ok(Compile(statusSchema).Check(JSON.parse((await scene.ask('GET', '/servers/7', { key })).body)));
});
