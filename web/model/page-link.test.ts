import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeOfLink } from './page-link.ts';

const PAGE = 'http://chat.example.org:5000/#/room/1';

test('WEB-146 a link to a view of this page is one, whatever the page shows', () => {
  assert.deepEqual(routeOfLink('http://chat.example.org:5000/#/room/12/345', PAGE), {
    type: 'room',
    room: 12,
    number: 345,
  });
  assert.deepEqual(routeOfLink('HTTP://CHAT.example.org:5000/#/person/7', PAGE), { type: 'person', person: 7 });
});

test('WEB-146 a link to another server, to a file of this one or to nothing known stays as it is', () => {
  for (const link of [
    'http://chat.example.org/#/room/12',
    'https://chat.example.org:5000/#/room/12',
    'http://other.example:5000/#/room/12',
    'http://a@chat.example.org:5000/#/room/12',
    'http://chat.example.org:5000/files/1/a.png',
    'http://chat.example.org:5000/?x#/room/12',
    'http://chat.example.org:5000/#/nowhere',
    'http://chat.example.org:5000/',
    'not a link',
  ])
    assert.equal(routeOfLink(link, PAGE), null, link);
});
