import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkTo, type PageQuery, parsePageQuery, SORTS } from './query.ts';

const parsed = (search: string) => parsePageQuery(new URLSearchParams(search));
const DEFAULT: PageQuery = { q: '', sort: 'users', page: 1 };

test('LIST-80 the URL says what is searched for, the order and the page', () => {
  assert.deepEqual(parsed('?q=caf%C3%A9&sort=ping&page=12'), { q: 'café', sort: 'ping', page: 12 });
  for (const sort of SORTS) assert.equal(parsed(`?sort=${sort}`).sort, sort);
  assert.equal(parsed(`?q=+${'x'.repeat(64)}+`).q, 'x'.repeat(64));
});

test('LIST-80 what is missing or not valid is the default', () => {
  for (const search of ['', '?', '?q=&sort=&page=', `?q=${'x'.repeat(65)}`, '?q=%20%09']) {
    assert.deepEqual(parsed(search), DEFAULT, search);
  }
  for (const sort of ['Users', 'id', 'toString', '__proto__', 'ping,name']) {
    assert.deepEqual(parsed(`?sort=${sort}`), DEFAULT, sort);
  }
  for (const page of ['0', '-1', '1.5', '1e3', '0x10', '01', ' 2', 'NaN', '9999999']) {
    assert.deepEqual(parsed(`?page=${page}`), DEFAULT, page);
  }
});

test('LIST-80 LIST-89 a link leads to the page that it was made for', () => {
  for (const q of ['', 'a&page=3', '"><b>', 'ü 🦊', '100% #1']) {
    for (const sort of SORTS) {
      for (const page of [1, 2]) {
        const query = { q, sort, page };
        const url = new URL(linkTo(query), 'https://chat.example.org/servers/?q=before&sort=name&page=7');
        assert.equal(url.pathname, '/servers/');
        assert.deepEqual(parsePageQuery(url.searchParams), query);
      }
    }
  }
});
