import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownServer } from '../../../testing/shown-servers.ts';
import { KnownNames } from './known-names.ts';
import { listingPage } from './page.ts';
import type { PageQuery } from './query.ts';
import type { ShownServer } from './shown-server.ts';

const NOW = 3 * 24 * 60 * 60 * 1_000;
const pageOf = (servers: readonly ShownServer[], query: Partial<PageQuery> = {}) =>
  listingPage(servers, { q: '', sort: 'users', page: 1, ...query }, NOW, new KnownNames());
const count = (page: string, what: string) => page.split(what).length - 1;
const all = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map(([, found]) => found);

test('LIST-87 LIST-86 a row shows a server, and its button leads to it', () => {
  const page = pageOf([
    shownServer({ serverName: 'Fox Den', address: '[2001:db8::1]:5000', connectedUsers: 3, maxUsers: 1_000 }),
  ]);
  const [row = ''] = all(page, /<tbody[^>]*>([^]*)<\/tbody>/g);
  assert.deepEqual(all(row, />([^<\n]+)</g), [
    'Fox Den',
    '[2001:db8::1]',
    ':5000',
    '3 of 1,000',
    '12 ms',
    '3 days',
    'Join',
  ]);
  assert.match(
    row,
    /<a href="http:\/\/\[2001:db8::1\]:5000\/" aria-label="Join Fox Den" rel="noopener nofollow" referrerpolicy="no-referrer">Join<\/a>/,
  );
});

test('LIST-84 T39 names, addresses and searches are never markup', () => {
  for (const text of [
    '<script>alert(1)</script>',
    `"'><img src=x onerror=alert(1)>`,
    '</title><b>',
    '&lt;i&gt;',
    '${1}',
  ]) {
    const page = pageOf([shownServer({ serverName: text, address: `${text}:443` })], { q: text });
    const harmless = pageOf([shownServer({ serverName: 'x', address: 'x:443' })], { q: 'x' });
    assert.deepEqual(all(page, /<([!/]?[a-z]+)/g), all(harmless, /<([!/]?[a-z]+)/g), text);
    for (const character of ['<', '"']) assert.equal(count(page, character), count(harmless, character), text);
  }
});

test('LIST-85 T13 names are isolated, also from what turns the direction of text', () => {
  const name = 'אבג \u202egnp.exe\u2069';
  assert.ok(pageOf([shownServer({ serverName: name })]).includes(`<bdi>${name}</bdi></th>`));
  assert.ok(pageOf([], { q: name }).includes('No server has announced itself here yet.'));
  assert.ok(pageOf([shownServer()], { q: name }).includes(`<q><bdi>${name}</bdi></q>`));
});

test('LIST-88 an empty directory has no table and no search', () => {
  const page = pageOf([]);
  assert.ok(page.includes('No server has announced itself here yet.'));
  for (const tag of ['<table', '<form', '<nav']) assert.equal(count(page, tag), 0, tag);
});

test('LIST-88 a search that finds nothing says so and leads back, in the same order', () => {
  const page = pageOf([shownServer()], { q: 'nobody', sort: 'ping', page: 3 });
  assert.match(page, /No server has <q><bdi>nobody<\/bdi><\/q> in its name or address\. <a href="\?sort=ping">/);
  assert.match(page, /<input type="search" id="q" name="q" value="nobody"/);
  assert.equal(count(page, '<table'), 0);
});

test('LIST-88 the page says once that servers report their users themselves', () => {
  const servers = Array.from({ length: 150 }, (_, id) => shownServer({ id }));
  assert.equal(count(pageOf(servers), 'Servers report their users themselves.'), 1);
});

test('LIST-83 links lead to the page before and after, with the same search and order', () => {
  const servers = Array.from({ length: 250 }, (_, id) => shownServer({ id }));
  const links = (page: number) =>
    all(pageOf(servers, { q: 'server', sort: 'name', page }), /<a rel="(\w+" href="[^"]*)"/g);
  const at = (page: number) => `?q=server&amp;sort=name${page === 1 ? '' : `&amp;page=${page}`}`;
  assert.deepEqual(links(1), [`next" href="${at(2)}`]);
  assert.deepEqual(links(2), [`prev" href="${at(1)}`, `next" href="${at(3)}`]);
  assert.deepEqual(links(3), [`prev" href="${at(2)}`]);
  assert.match(pageOf(servers, { page: 3 }), /250 servers, 201 to 250</);
  assert.match(pageOf(servers, { page: 3 }), /<title>Chat servers, page 3<\/title>/);
  assert.equal(count(pageOf(servers, { page: 3 }), '<tr role="row">'), 51);
  assert.equal(count(pageOf(servers.slice(0, 100)), '<nav'), 0);
});

test('LIST-89 LIST-90 headers sort, keep the search, and begin at the first page', () => {
  const servers = Array.from({ length: 250 }, (_, id) => shownServer({ id }));
  const page = pageOf(servers, { q: 'server', sort: 'uptime', page: 2 });
  assert.deepEqual(all(page, /<th role="columnheader"[^>]*><a href="([^"]*)/g), [
    '?q=server&amp;sort=name',
    '?q=server',
    '?q=server&amp;sort=ping',
    '?q=server&amp;sort=uptime',
  ]);
  assert.match(page, /<input type="hidden" name="sort" value="uptime">/);
  for (const [sort, title, order] of [
    ['name', 'Name', 'ascending'],
    ['users', 'Users', 'descending'],
    ['ping', 'Ping', 'ascending'],
    ['uptime', 'Uptime', 'descending'],
  ] as const) {
    const sorted = pageOf(servers, { sort });
    assert.deepEqual(all(sorted, /aria-sort="(\w+)"><a[^>]*>\w+/g), [order]);
    assert.deepEqual(all(sorted, /aria-sort="\w+"><a[^>]*>(\w+)/g), [title]);
  }
});

test('LIST-89 the page has no script, no style of its own, and loads one file', () => {
  const page = pageOf([shownServer()]);
  assert.doesNotMatch(page, /<script|<style|style=| on\w+=|javascript:/i);
  assert.deepEqual(all(page, /<link rel="\w+" href="(\w+[:.]\w+)/g), ['data:image', 'style.css']);
  assert.equal(count(page, ' src='), 0);
});
