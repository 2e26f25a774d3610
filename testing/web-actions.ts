import type { Locator, Page } from 'playwright-core';

// What people do in the web client, for tests of several of its parts.

/** The password of all accounts that `signUp` makes. */
export const WEB_PASSWORD = 'correct horse battery';

/** Enters as a guest; resolves when the lobby is there. */
export async function enterAsGuest(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Guest', pressed: true }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.keyboard.press('Enter');
  await composerOf(page).waitFor();
}

/** Makes an account and enters with it. */
export async function signUp(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New account' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(WEB_PASSWORD);
  await page.keyboard.press('Enter');
  await composerOf(page).waitFor();
}

/** Fills in and sends the form of the entrance for accounts. */
export async function tryLogIn(page: Page, name: string, password = WEB_PASSWORD): Promise<void> {
  await page.getByRole('group', { name: 'How to come in' }).getByRole('button', { name: 'Log in' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

/** Chooses something in the menu of the person. */
export async function chooseOfSelf(page: Page, item: string): Promise<void> {
  await page.getByTitle('You', { exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
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
