// What every script that uses the pages begins and ends with: a browser, visitors, checks of which each is carried out
// whatever became of the one before, and the exit code, 1 where something is wrong.

import { start, visitor } from "./chromium.mjs";

/// What the test told, as JSON.
export const told = JSON.parse(process.argv[2]);
const faults = [];
let doing = "start";
export const fault = (sentence) => faults.push(`[${doing}] ${sentence}`);
const began = Date.now();
const browser = await start();
console.log(`Chromium ${browser.version()}, after ${Date.now() - began} ms`);
export const guest = (options) => visitor(browser, told.address, fault, options);

export async function check(name, work) {
  doing = name;
  const since = Date.now();
  const before = faults.length;
  try {
    await work();
  } catch (error) {
    fault(error.stack?.split("\n").slice(0, 12).join("\n    ") ?? String(error));
  }
  console.log(`${faults.length === before ? "ok    " : "WRONG "} ${name} (${Date.now() - since} ms)`);
}

export function holds(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

export async function text(page, place = "main") {
  return (await page.locator(place).first().innerText()).replace(/\s+/g, " ").trim();
}

/// Does what leads to another page, and waits for that.
export async function follow(page, act) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), act]);
}

/// Looks again and again, opening the page anew, until `there` says so.
export async function until(page, address, what, there) {
  for (let tries = 0; ; tries += 1) {
    await page.goto(address);
    if (await there()) return;
    holds(tries < 60, `${what}, within fifteen seconds: ${await text(page)}`);
    await page.waitForTimeout(250);
  }
}

/// Presses a button of a form, and holds that the station says that it was done; answers what it says.
export async function press(page, button) {
  await follow(page, page.locator(button).first().click());
  holds((await page.locator("main .good[role=status]").count()) === 1, await text(page));
  return text(page, "main [role=status]");
}

/// A recording of so many seconds, 8 kHz, as a telephone makes it.
export function wave(seconds) {
  const samples = Buffer.alloc(seconds * 16_000);
  for (let at = 0; at < samples.length; at += 2) samples.writeInt16LE(Math.round(8_000 * Math.sin(at / 5)), at);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

export async function signIn(page, name, word = told.password, language = "vi") {
  await page.goto(`/login?language=${language}`);
  await page.fill("input[name=name]", name);
  await page.fill("input[name=password]", word);
  await follow(page, page.click("main form button"));
}

/// Says what is wrong, and ends.
export async function finish() {
  await browser.close();
  console.log(`${faults.length} faults, ${Date.now() - began} ms`);
  if (faults.length) {
    console.error(faults.map((sentence) => `- ${sentence}`).join("\n"));
    process.exit(1);
  }
}
