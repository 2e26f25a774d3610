import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { noBrowser } from '../../testing/browser.ts';
import { startServerProcess } from '../../testing/server.ts';
import { WebClients } from '../../testing/web-client.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

test('WEB-01 SERVER-240 SERVER-245 SERVER-248 the page loads without a complaint, as its policy allows', {
  skip,
}, async (t) => {
  const hostile = '</script><img src=x>&"\'';
  const server = await startServerProcess(t, { args: ['--name', hostile] });
  const client = await clients.open(t, server.http);
  const { page } = client;
  await page.getByRole('heading', { name: hostile }).waitFor();
  assert.equal(await page.locator('img').count(), 0);
  const { headers } = await fetch(server.http, { headers: { Accept: 'text/html' } });
  assert.match(String(headers.get('content-security-policy')), /^default-src 'none'; script-src 'self'; /);
  assert.deepEqual(await client.accessibilityProblems(), []);
});

const MISDEEDS: readonly (readonly [name: string, act: () => void, complaint: RegExp])[] = [
  ['an error in the console', () => console.error('oh'), /^error: oh$/],
  ['an uncaught error', () => void Promise.reject(new Error('ah')), /^uncaught: ah$/],
  ['markup', () => void (document.body.innerHTML = '<p>'), /^error: policy: require-trusted-types-for/],
  ['an inline style', () => document.body.setAttribute('style', 'color: red'), /^error: policy: style-src/],
  ['another port', () => void fetch('http://127.0.0.1:9/').catch(() => {}), /^error: policy: connect-src/],
  ['another host', () => location.assign('http://other.example/'), /^asked another host: http:\/\/other\.example\/$/],
];

test('WEB-01 SERVER-245 T39 a test fails in which a page does what it must not', { skip }, async (t) => {
  const server = await startServerProcess(t);
  for (const [name, act, complaint] of MISDEEDS) {
    const ends: (() => Promise<void>)[] = [];
    const client = await clients.open({ after: (run) => void ends.push(run) }, server.http);
    await client.page.evaluate(act).catch(() => {});
    await client.complained(complaint);
    for (const end of ends) await assert.rejects(end(), /nothing complains/, name);
  }
});
