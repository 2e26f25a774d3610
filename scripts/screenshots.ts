// Takes pictures of the main views of the page, on a phone and on a desktop, in light and dark, in each language:
// `npm run screenshots -- [FOLDER] [--messages 10000] [--only NAME]`. It prints what is too wide, cut or too small.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHROMIUM, noBrowser, QUIET } from '../testing/browser.ts';
import { layoutProblems } from '../testing/page-layout.ts';
import { startServerProcess } from '../testing/server.ts';
import { makeWebScene, type WebScene } from '../testing/web-scene.ts';
import { closeDialog, logInAs, WEB_VIEWS, type WebView } from '../testing/web-views.ts';

const SIZES: readonly (readonly [name: string, BrowserContextOptions])[] = [
  ['desktop', { viewport: { width: 1280, height: 800 } }],
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ['narrow', { viewport: { width: 320, height: 640 } }],
];
const LANGUAGES = ['en', 'de'] as const;
const SCHEMES = ['light', 'dark'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { messages: { type: 'string', default: '10000' }, only: { type: 'string' } },
});
const [folder = 'dist/screenshots'] = positionals;
const views = WEB_VIEWS.filter(({ name }) => values.only === undefined || name.includes(values.only));
const ends: (() => Promise<void>)[] = [];

if (noBrowser !== false) throw new Error(noBrowser);
mkdirSync(folder, { recursive: true });
try {
  const cleanup = { after: (run: () => Promise<void>) => void ends.unshift(run) };
  const server = await startServerProcess(cleanup);
  const scene = await makeWebScene(cleanup, `${server.url}documents`, Number(values.messages));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...QUIET] });
  cleanup.after(() => browser.close());
  for (const [size, options] of SIZES) {
    for (const language of LANGUAGES) {
      const context = await browser.newContext({ ...options, locale: language === 'en' ? 'en-GB' : 'de-DE' });
      const page = await context.newPage();
      await page.goto(server.http);
      await page.locator('.ways button').first().waitFor();
      await take(page, scene, `${size}-${language}`, { name: 'entrance', open: async () => {} });
      await logInAs(page, scene);
      for (const view of views) await take(page, scene, `${size}-${language}`, view);
      await context.close();
    }
  }
} finally {
  for (const end of ends) await end();
}

async function take(page: Page, scene: WebScene, where: string, view: WebView): Promise<void> {
  await view.open(page, scene);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${view.name}-${where}-${colorScheme}.png`), animations: 'disabled' });
  }
  for (const problem of await layoutProblems(page)) console.log(`${view.name}-${where}: ${problem}`);
  await closeDialog(page);
}
