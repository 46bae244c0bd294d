// What holds of every page, whatever it shows: its language, one heading, its weight, no sideways scrolling on a phone, and
// what axe finds against WCAG 2 A and AA. Each fault is a sentence that names the page and the place in it.

import path from "node:path";

import { axe } from "./chromium.mjs";

/// A page and what it needs may weigh this.
export const HEAVIEST = 100_000;
/// The screen of an office, and a small telephone.
export const DESK = { width: 1366, height: 768 };
export const PHONE = { width: 360, height: 640 };

/// The addresses of the list of pages, as this visitor sees it.
export async function places(page) {
  return page.$$eval("nav a", (links) => links.map((link) => link.getAttribute("href")));
}

/// An address with the language chosen in it.
export function spoken(address, language) {
  return `${address}${address.includes("?") ? "&" : "?"}language=${language}`;
}

/// Opens a page and weighs it with all that came with it.
export async function weigh(page, address) {
  let bytes = 0;
  const answers = [];
  const note = (answer) => answers.push(answer.body().then((body) => (bytes += body.length), () => 0));
  page.on("response", note);
  const answer = await page.goto(address, { waitUntil: "load" });
  page.off("response", note);
  await Promise.all(answers);
  return { status: answer.status(), bytes };
}

/// What axe finds, one sentence each.
export async function examined(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe().source);
  return page.evaluate(async () => {
    const options = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], preload: false };
    const { violations, passes } = await window.axe.run(document, options);
    if (passes.length < 5) return [`axe examined next to nothing: ${passes.map((one) => one.id)}`];
    return violations.map((one) => {
      const why = (node) => node.failureSummary.replace(/\s+/g, " ").replace(/^Fix .*?: /, "").slice(0, 160);
      const nodes = one.nodes.map((node) => `${node.target.join(" ")} (${why(node)})`);
      return `axe, ${one.id}: ${one.help}: ${nodes.slice(0, 2).join("; ")}${nodes.length > 2 ? " …" : ""}`;
    });
  });
}

/// What sticks out to the right of the window, the widest first.
export async function tooWide(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.querySelectorAll("body *")].map((one) => [one, one.getBoundingClientRect().right]);
    const named = (one) => one.tagName.toLowerCase() + (one.className.baseVal ?? one.className ? `.${one.className}` : "");
    const worst = out.filter(([one, right]) => right > wide && !one.closest(".wide *"));
    worst.sort((a, b) => b[1] - a[1]);
    return worst.slice(0, 1).map(([one, right]) => `${named(one)} reaches to ${Math.round(right)} of ${wide}`);
  });
}

/// Everything that holds of every page; answers its weight. A form of a report is for paper: no phone, and as long as it is.
export async function lookAt(page, address, language, fault, { status: wanted = 200, form = false } = {}) {
  await page.setViewportSize(DESK);
  const where = `${language} ${address}`;
  if (wanted !== 200) page.provoked.add(spoken(address, language));
  const { status, bytes } = await weigh(page, spoken(address, language));
  if (status !== wanted) fault(`${where}: status ${status}, not ${wanted}`);
  if (bytes > HEAVIEST && !form) fault(`${where}: ${bytes} bytes`);
  await examineShown(page, where, language, fault, { form });
  return bytes;
}

/// As [`lookAt`], of what the page shows now: it came of something that was sent, and cannot be opened by an address.
export async function examineShown(page, where, language, fault, { form = false } = {}) {
  await page.setViewportSize(DESK);
  const shown = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1")].map((one) => one.textContent.trim()),
  }));
  if (shown.lang !== language) fault(`${where}: it says that it is in \`${shown.lang}\``);
  if (shown.headings.length !== 1 || !shown.headings[0]) fault(`${where}: headings ${JSON.stringify(shown.headings)}`);
  if (!form && !shown.title.startsWith(shown.headings[0] ?? "?")) fault(`${where}: the title is "${shown.title}"`);
  for (const sentence of await examined(page)) fault(`${where}: ${sentence}`);
  await keepPicture(page, `${where}-desk`);
  if (form) return;
  for (const sentence of await tooWide(page)) fault(`${where}: ${sentence}`);
  await page.setViewportSize(PHONE);
  for (const sentence of await tooWide(page)) fault(`${where}, on a phone: ${sentence}`);
  await keepPicture(page, `${where}-phone`);
  await page.setViewportSize(DESK);
}

/// For whoever wants to see for himself: LOA_BROWSER_PICTURES names a folder.
async function keepPicture(page, name) {
  const folder = process.env.LOA_BROWSER_PICTURES;
  if (!folder) return;
  const file = `${name.replace(/[^\p{L}\p{N}-]+/gu, "_").slice(0, 100)}.png`;
  await page.screenshot({ path: path.join(folder, file), fullPage: true });
}

/// The sizes of the sheets of a PDF, in points, and how many there are.
export function sheets(pdf) {
  const text = pdf.toString("latin1");
  const boxes = [...text.matchAll(/\/MediaBox\s*\[\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\]/g)];
  return boxes.map((box) => [Math.round(box[3] - box[1]), Math.round(box[4] - box[2])]);
}
