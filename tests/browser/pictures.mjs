// Takes the pictures of docs/pages.md from a station that runs; called by scripts/make-pictures:
//
//     node tests/browser/pictures.mjs ADDRESS PASSWORD FOLDER STATION

import path from "node:path";

import { PHONE, spoken } from "./checks.mjs";
import { start, visitor } from "./chromium.mjs";

const [address, password, folder, station] = process.argv.slice(2);
const SHEET = { width: 1_000, height: 620 };
/// What is longer is cut off: a picture shows how a page begins.
const LONGEST = 1_300;

const fault = (sentence) => {
  console.error(sentence);
  process.exitCode = 1;
};

async function signIn(page, name) {
  await page.goto("/login");
  await page.fill("input[name=name]", name);
  await page.fill("input[name=password]", password);
  await Promise.all([page.waitForNavigation(), page.click("main form button")]);
}

/// The newest airing of October that ended so.
async function airing(page, outcome) {
  await page.goto(`/airings?from=2025-10-01&to=2025-10-31&outcome=${outcome}`);
  return page.locator("table.list td a").first().getAttribute("href");
}

/// All of them in a language, by a browser that speaks it too: fields for days are written as it does.
async function album(language, browser) {
  const guest = (viewport) => visitor(browser, address.trim(), fault, { viewport });
  const screen = await guest(SHEET);
  const phone = await guest(PHONE);
  const technician = await guest(SHEET);
  const supervisor = await guest(SHEET);
  const office = await guest(SHEET);
  await signIn(technician, "Nguyễn Văn Bình");
  await signIn(supervisor, "Trần Thị Cúc");
  await signIn(office, "Phòng Văn hóa - Xã hội");

  const take = async (page, name, of) => {
    await page.goto(spoken(of, language));
    const high = await page.evaluate((home) => {
      // Where the station of the pictures lies is nobody's business.
      for (const one of document.querySelectorAll("main b")) one.textContent = one.textContent.replace(home, "/home/dai/loa");
      return document.documentElement.scrollHeight;
    }, station);
    const { width } = page.viewportSize();
    const clip = { x: 0, y: 0, width, height: Math.min(high, LONGEST) };
    await page.screenshot({ path: path.join(folder, `${name}-${language}.png`), fullPage: true, clip });
  };

  await take(screen, "now", "/");
  await take(phone, "now-phone", "/");
  await take(screen, "rundown", "/rundown?days=3");
  await take(screen, "airings", "/airings?from=2025-10-13&to=2025-10-31");
  await take(screen, "proof", await airing(screen, "aired"));
  await take(screen, "proof-interrupted", await airing(screen, "interrupted"));
  await take(screen, "month", "/month?month=2025-10");
  await take(screen, "themes", "/themes?period=2025-Q4");
  await take(office, "inbox", "/inbox");
  await take(screen, "recordings", "/recordings");
  await take(screen, "recording", "/recordings/one?name=dvc-ky-1.mp3");
  await take(screen, "login", "/login");
  await take(technician, "orders", "/orders");
  await technician.goto(spoken("/rundown?days=1", language));
  const change = technician.locator("section:has(form[action='/change'])");
  await change.screenshot({ path: path.join(folder, `change-${language}.png`) });
  await take(supervisor, "reports", "/reports");
  for (const form of ["log", "summary", "reconcile"]) {
    await supervisor.goto(spoken(`/reports/file?form=${form}&period=2025-Q4&format=html`, language));
    await supervisor.pdf({ preferCSSPageSize: true, path: path.join(folder, `report-${form}-${language}.pdf`) });
  }
}

for (const [language, locale] of [
  ["vi", "vi"],
  ["en", "en-GB"],
]) {
  const browser = await start(locale);
  await album(language, browser);
  await browser.close();
}
