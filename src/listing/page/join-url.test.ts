import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinUrl } from './join-url.ts';

test('LIST-86 port 443 is https, every other port is http', () => {
  for (const [address, url] of [
    ['chat.example.org:443', 'https://chat.example.org/'],
    ['chat.example.org:5000', 'http://chat.example.org:5000/'],
    ['chat.example.org:1443', 'http://chat.example.org:1443/'],
    ['192.0.2.7:80', 'http://192.0.2.7:80/'],
    ['[2001:db8::1]:5000', 'http://[2001:db8::1]:5000/'],
    ['[2001:db8::443]:443', 'https://[2001:db8::443]/'],
  ] as const) {
    assert.equal(joinUrl(address), url);
    const { host } = new URL(url);
    assert.ok(address.startsWith(host), 'a browser reads the same host');
  }
});
