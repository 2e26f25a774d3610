import type { Locator, Page } from 'playwright-core';

// What people do in the web client, for tests of several of its parts.

const WEB_PASSWORD = 'correct horse battery';

/** Enters as a guest; resolves when the lobby is there. */
export async function enterAsGuest(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Enter as a guest', pressed: true }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.keyboard.press('Enter');
  await composerOf(page).waitFor();
}

/** Makes an account and enters with it. */
export async function signUp(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(WEB_PASSWORD);
  await page.keyboard.press('Enter');
  await composerOf(page).waitFor();
}

/** The field where one writes. */
export function composerOf(page: Page): Locator {
  return page.getByRole('textbox', { name: /^Message to / });
}

/** Writes a message and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await composerOf(page).fill(text);
  await composerOf(page).press('Enter');
}

/** The messages that are on the server and whose text is exactly this. */
export function messageOf(page: Page, text: string): Locator {
  return page.locator('[data-number]').filter({ has: page.locator('.text').getByText(text, { exact: true }) });
}
