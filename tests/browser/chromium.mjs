// Chromium for the tests and the pictures of the pages: started so that it asks nobody but the station for anything, and
// watched, so that whatever a page asks of another host, logs as an error or throws is told with the page that did it.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const home = process.env.LOA_BROWSER_HOME ?? path.join(root, "target/browser");
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/// What is missing, and the remedy: no skipped test looks like a passed one.
export function missing(what) {
  console.error(`${what} is missing; \`scripts/need-browser\` (or \`make setup-test\`) installs it`);
  process.exit(3);
}

function library(name) {
  try {
    return createRequire(path.join(home, "package.json"))(name);
  } catch (error) {
    return missing(`${name} in ${path.relative(root, home)} (${error.code ?? error.message})`);
  }
}

export const axe = () => library("axe-core");

/// A browser with a profile of its own, which goes with it; in that language, where Debian's chromium-l10n is installed.
export async function start(language = "en-US") {
  const { chromium } = library("playwright-core");
  const executablePath = process.env.LOA_CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!executablePath || !existsSync(executablePath)) {
    missing(`Chromium (${executablePath ?? PLACES.join(", ")})`);
  }
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, `--lang=${language}`], env: { ...process.env, LANGUAGE: language } });
}

/// A visitor of the station at `address`: what a page does that it must not is told to `fault` as one sentence.
export async function visitor(browser, address, fault, options = {}) {
  const context = await browser.newContext({ baseURL: address, locale: "vi-VN", ...options });
  context.setDefaultTimeout(10_000);
  const origin = new URL(address).origin;
  await context.route("**/*", (route) => {
    const url = route.request().url();
    if (url.startsWith(`${origin}/`) || url === "about:blank") return route.continue();
    fault(`${route.request().frame().url()}: asks another host: ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.provoked = new Set();
  page.on("console", (said) => {
    // Chromium notes each answer that is a refusal; where a test provokes one it says so beforehand.
    const of = said.location().url;
    const provoked = said.text().startsWith("Failed to load resource") && page.provoked.has(of.slice(origin.length));
    if (["error", "warning"].includes(said.type()) && !provoked) {
      fault(`${page.url()}: the console says: ${said.text()}`);
    }
  });
  page.on("pageerror", (error) => fault(`${page.url()}: an error in a script: ${error.message}`));
  return page;
}
