// The station's pages as people use them, in a real Chromium: opened, filtered, signed in to, stopped, approved, printed; on
// a phone, and without scripts. Run by tests/suite/browser.rs, which has made the station and reads the journal afterwards:
//
//     node tests/browser/pages.mjs '{"address": "http://127.0.0.1:8080", "password": "…", …}'

import { readFileSync } from "node:fs";

import { DESK, PHONE, lookAt, places, sheets, spoken, tooWide } from "./checks.mjs";
import { check, fault, finish, follow, guest, holds, signIn, text, told, wave } from "./visits.mjs";

const { recording, schedule, password } = told;
const FORMS = ["log", "summary", "reconcile"];

/// The station's own screen, where nobody is signed in; a technician; a supervisor.
const screen = await guest();
const technician = await guest();
const supervisor = await guest();

await check("a wrong password opens nothing and says so", async () => {
  technician.provoked.add("/login");
  await signIn(technician, "Bình", "không phải mật khẩu này");
  holds((await technician.locator("[role=alert]").count()) === 1, "nothing says what was wrong");
  holds((await technician.inputValue("input[name=name]")) === "Bình", "the name has to be typed again");
  holds((await technician.inputValue("input[name=password]")) === "", "the password stands in the page");
  holds((await technician.locator("a[href='/orders']").count()) === 0, "orders are offered");
});

await check("the right password opens the orders", async () => {
  await signIn(technician, "Bình", password);
  holds((await text(technician, ".who")).includes("Bình"), "the page does not say who is signed in");
  await follow(technician, technician.click("a[href='/orders']"));
  holds((await technician.locator("form[action='/play']").count()) === 1, "there is no form to play something");
  await signIn(supervisor, "Cúc", password);
});

await check("a supervisor approves the schedule that waits, and the rundown shows it", async () => {
  await supervisor.goto("/inbox");
  holds((await text(supervisor)).includes(schedule), "the inbox does not show what waits");
  await follow(supervisor, supervisor.click("main a[href='/orders']"));
  await follow(supervisor, supervisor.click("form[action='/approve'] button"));
  holds((await supervisor.locator("main .good[role=status]").count()) === 1, await text(supervisor));
  for (let tries = 0; tries < 50; tries += 1) {
    await supervisor.goto("/rundown");
    if ((await supervisor.locator("svg rect.fine, svg rect.clash").count()) > 0) return;
    await supervisor.waitForTimeout(200);
  }
  throw new Error("no cue appeared in the rundown within ten seconds");
});

await check("the rundown is drawn to scale, with what stands in a cue's way", async () => {
  await supervisor.goto("/rundown?language=vi");
  const bars = await supervisor.$$eval("svg", (drawings) =>
    drawings.map((one) => [...one.querySelectorAll("rect.fine, rect.clash")].map((bar) => Number(bar.getAttribute("x")))),
  );
  const days = bars.filter((day) => day.length > 0);
  // A minute is a unit: 05:30 is at 330.
  holds(days.length > 0 && days.every((day) => day.includes(330)), `05:30 is not at 330: ${JSON.stringify(bars)}`);
  holds((await supervisor.locator("svg rect.clash").count()) > 0, "the clash is not drawn");
  holds((await supervisor.locator("svg rect.quiet").count()) > 0, "the quiet hours are not drawn");
  holds((await supervisor.locator("td b:has-text('!')").count()) > 0, "the clash is not told in the table");
  await follow(supervisor, supervisor.locator("a", { hasText: "Những ngày sau" }).click());
  holds(new URL(supervisor.url()).searchParams.get("from"), "there is no way to the days after");
});

await check("Now shows what begins, by itself", async () => {
  await screen.goto("/?language=vi");
  holds((await screen.locator("#live .onair").count()) === 0, "something is on air already");
  await screen.evaluate(() => (window.stillHere = true));
  await technician.goto("/orders?language=vi");
  await technician.fill("form[action='/play'] input[name=file]", recording);
  await follow(technician, technician.click("form[action='/play'] button"));
  holds((await technician.locator("main .good[role=status]").count()) === 1, await text(technician));
  const since = Date.now();
  await screen.waitForSelector("#live .onair meter", { timeout: 10_000 });
  console.log(`       shown ${Date.now() - since} ms after the order`);
  holds(await screen.evaluate(() => window.stillHere === true), "the page was loaded anew");
  holds((await text(screen, "#live .onair")).includes(recording), await text(screen, "#live .onair"));
  for (const language of ["vi", "en"]) await lookAt(screen, "/", language, fault);
});

await check("whoever stands before the station stops it without a login, by the keyboard alone", async () => {
  await screen.setViewportSize(DESK);
  await screen.goto("/?language=vi");
  await screen.keyboard.press("Tab");
  const first = await screen.evaluate(() => document.activeElement.getBoundingClientRect().left);
  holds(first >= 0, "the first link, to the content, is not seen when it has the focus");
  await screen.keyboard.press("Enter");
  await screen.keyboard.press("Tab");
  const focus = await screen.evaluate(() => document.activeElement.className);
  holds(focus === "stop", `after "to the content" the focus is on ${focus || "nothing"}, not on the stop`);
  await follow(screen, screen.keyboard.press("Enter"));
  holds((await screen.locator("main .good[role=status]").count()) === 1, await text(screen));
  holds((await text(screen)).includes(recording), `what was stopped is not named: ${await text(screen)}`);
  holds((await screen.locator("main a[href^='/login']").count()) === 1, "it is not offered to take the recording off");
  await follow(screen, screen.click("main a[href='/']"));
  holds((await screen.locator(".onair").count()) === 0, "it is still on air");
  await screen.goto("/airings");
  const row = screen.locator("table.list tbody tr:has(td)").first();
  holds((await row.locator(".o.cut").count()) === 1, `the log says: ${await row.innerText()}`);
  await follow(screen, row.locator("a").click());
  const proof = await text(screen);
  holds(proof.includes("127.0.0.1") && proof.includes(recording), `the proof says: ${proof}`);
});

await check("the as-run log is filtered, and an airing followed to its proof", async () => {
  await screen.goto("/airings?language=vi");
  await screen.fill("input[name=from]", "2025-10-01");
  await screen.fill("input[name=to]", "2025-10-31");
  await screen.selectOption("select[name=outcome]", "interrupted");
  await follow(screen, screen.click("form.filter button"));
  const query = new URL(screen.url()).searchParams;
  holds(query.get("from") === "2025-10-01" && query.get("outcome") === "interrupted", screen.url());
  const rows = await screen.$$eval("table.list td .o", (signs) => signs.map((sign) => sign.className));
  holds(rows.length > 0 && rows.every((tone) => tone === "o interrupted"), `outcomes shown: ${rows}`);
  holds((await screen.inputValue("input[name=to]")) === "2025-10-31", "the filter forgets what was asked");
  const title = await screen.locator("table.list td a").first().innerText();
  await follow(screen, screen.locator("table.list td a").first().click());
  holds((await text(screen, "h1")) === title.replace(/ \[.*/, ""), "the proof is of something else");
  const proof = await text(screen, "dl.proof");
  holds(/\b[0-9a-f]{64}\b/.test(proof) && proof.includes("alsa:hw:CARD=PCH"), proof);
  holds(/05:30:00[.,]\d{3}/.test(proof) || /\d\d:\d\d:\d\d[.,]\d{3}/.test(proof), proof);
  holds((await text(screen, ".sentence")).length > 30, "no sentence says why");
  await screen.goto("/airings?from=2025-10-01&to=2025-10-31&topic=dich-vu-cong");
  holds((await screen.locator("table.list td a").count()) > 0, "nothing of that theme");
});

await check("the month is a cell for each slot and day, readable without colour", async () => {
  await screen.goto("/month?month=2025-10&language=vi");
  const cells = await screen.$$eval(".heat tbody td a", (links) => links.map((link) => link.textContent.trim()));
  holds(cells.length > 60 && cells.every((sign) => sign.length > 0), `${cells.length} cells`);
  const legend = await screen.$$eval(".legend .o", (signs) => signs.map((sign) => sign.textContent.trim()));
  holds(new Set(legend).size === legend.length, `two outcomes share a sign: ${legend}`);
  holds(cells.every((sign) => legend.includes(sign)), "a cell has a sign that the legend does not explain");
  await follow(screen, screen.locator(".heat tbody td a").first().click());
  holds(screen.url().includes("/airings/"), screen.url());
});

await check("every page in both languages: weight, axe, a phone", async () => {
  const list = [...(await places(technician)), "/airings/1"];
  // The same pages with more on them: once is enough.
  const more = [
    "/rundown?days=31",
    "/airings?from=2025-10-01&to=2025-10-31",
    "/airings?from=2025-10-01&to=2025-10-31&outcome=missed",
    ...told.proofs.map((id) => `/airings/${id}`),
    "/month?month=2025-10",
    "/themes?period=2025-Q4",
    "/themes?period=2025-Q4&administrative=1",
    "/inbox?from=2025-10-01&to=2025-10-31",
  ];
  holds(["/", "/rundown", "/airings", "/month", "/inbox", "/recordings", "/orders"].every((of) => list.includes(of)), `${list}`);
  const weights = {};
  for (const language of ["vi", "en"]) {
    for (const of of language === "vi" ? [...list, ...more] : list) weights[of] = await lookAt(technician, of, language, fault);
    for (const form of FORMS) {
      const of = `/reports/file?form=${form}&period=2025-W45&format=html`;
      weights[of] = await lookAt(technician, of, language, fault, { form: true });
    }
    weights["/login"] = await lookAt(screen, "/login", language, fault);
    for (const [of, status] of [["/khong-co", 404], ["/airings?from=2025-13-45", 400], ["/airings/999999999", 404]]) {
      weights[of] = await lookAt(screen, of, language, fault, { status });
    }
  }
  for (const [of, bytes] of Object.entries(weights)) console.log(`       ${String(bytes).padStart(6)} bytes  ${of}`);
});

await check("printed, a page has sheets of A4, no buttons, and nothing cut off", async () => {
  const paper = await guest({ viewport: { width: 680, height: 960 } });
  for (const of of [
    "/rundown?language=vi",
    "/airings?from=2025-10-01&to=2025-10-31",
    "/month?month=2025-10",
    "/themes?period=2025-Q4",
    "/airings/1",
  ]) {
    await paper.goto(of);
    await paper.emulateMedia({ media: "print" });
    holds(!(await paper.locator("nav").isVisible()), `${of}: the list of pages is printed`);
    const cut = await paper.$$eval(".wide", (parts) => parts.filter((one) => one.scrollWidth > one.clientWidth + 1).length);
    if (cut) fault(`${of}: ${cut} drawings are cut off at the edge of the paper`);
    for (const sentence of await tooWide(paper)) fault(`${of}, on paper: ${sentence}`);
    const found = sheets(await paper.pdf({ preferCSSPageSize: true }));
    const a4 = ([width, height]) => Math.abs(width - 595) < 3 && Math.abs(height - 842) < 3;
    if (!found.length || !found.every(a4)) fault(`${of}: sheets of ${JSON.stringify(found)} points, not A4`);
    await paper.emulateMedia({ media: "screen" });
  }
  await paper.context().close();
});

await check("a report is chosen, looked at, printed on A4 and taken away", async () => {
  await supervisor.setViewportSize(DESK);
  for (const form of FORMS) {
    await supervisor.goto("/reports?language=vi");
    await supervisor.selectOption("select[name=form]", form);
    await supervisor.fill("form[action='/reports/file'] input[name=from]", "2025-10-01");
    await supervisor.fill("form[action='/reports/file'] input[name=to]", "2025-12-31");
    await supervisor.selectOption("select[name=format]", "html");
    await follow(supervisor, supervisor.click("form[action='/reports/file'] button"));
    holds(supervisor.url().includes("/reports/file"), supervisor.url());
    holds((await text(supervisor, "body")).includes("31/12/2025"), await text(supervisor, "body"));
    const found = sheets(await supervisor.pdf({ preferCSSPageSize: true }));
    const landscape = ([width, height]) => Math.abs(width - 842) < 3 && Math.abs(height - 595) < 3;
    holds(found.length > 0 && found.every(landscape), `${form}: sheets of ${JSON.stringify(found)} points, not A4 landscape`);
    console.log(`       ${form}: ${found.length} sheets`);
    if (form === "log") {
      await supervisor.goto("/reports/file?form=log&period=2025-10&format=html");
      const rows = await supervisor.locator("table.table tbody tr").count();
      const paper = sheets(await supervisor.pdf({ preferCSSPageSize: true })).length;
      const small = await supervisor.$eval("table.table td", (cell) => parseFloat(getComputedStyle(cell).fontSize) * 0.75);
      console.log(`       a month: ${rows} rows on ${paper} sheets, in ${small} pt`);
      holds(rows > 60 && rows / paper >= 10, `${rows} rows take ${paper} sheets: less than ten a sheet`);
      holds(small >= 8.5, `the rows are in ${small} pt: too small to be read`);
      const cut = await supervisor.$$eval("td, th", (cells) => cells.filter((one) => one.scrollWidth > one.clientWidth + 1).length);
      holds(cut === 0, `${cut} cells are wider than their column`);
    }
    for (const [layout, begin] of [["xlsx", "PK"], ["csv", "\ufeff"]]) {
      await supervisor.goto("/reports?language=vi");
      await supervisor.selectOption("select[name=form]", form);
      await supervisor.selectOption("select[name=format]", layout);
      const [file] = await Promise.all([
        supervisor.waitForEvent("download"),
        supervisor.click("form[action='/reports/file'] button"),
      ]);
      holds(file.suggestedFilename().endsWith(`.${layout}`), file.suggestedFilename());
      const bytes = readFileSync(await file.path());
      holds(bytes.toString("utf8").startsWith(begin) && bytes.length > 500, `${form}.${layout}: ${bytes.length} bytes`);
    }
  }
});

await check("what a village head read is written in by hand, and never shown as measured", async () => {
  await supervisor.goto("/reports?language=vi");
  const fields = { date: told.yesterday, time: "17:00", minutes: "12", title: "Trưởng thôn đọc thông báo", why: "Mất điện tại trạm" };
  for (const [name, value] of Object.entries(fields)) await supervisor.fill(`form[action='/enter'] input[name=${name}]`, value);
  await follow(supervisor, supervisor.click("form[action='/enter'] button"));
  holds((await supervisor.locator("main .good[role=status]").count()) === 1, await text(supervisor));
  await supervisor.goto("/airings");
  const row = supervisor.locator("table.list td a", { hasText: fields.title });
  holds((await row.count()) === 1, "it is not in the log");
  await follow(supervisor, row.click());
  const proof = await text(supervisor);
  holds(proof.includes(fields.why) && !proof.includes("đo được"), proof);
  for (const language of ["vi", "en"]) await lookAt(supervisor, new URL(supervisor.url()).pathname, language, fault);
});

await check("an office sends a recording, reads its receipt, and nothing else", async () => {
  const office = await guest();
  await signIn(office, "Phòng Văn hóa", password);
  holds((await office.locator("nav a[href='/orders']").count()) === 0, "an office is shown orders that it may not give");
  await follow(office, office.click("nav a[href='/inbox']"));
  await office.selectOption("form[action='/upload'] select[name=office]", "Phòng Văn hóa");
  await office.setInputFiles("form[action='/upload'] input[type=file]", { name: "hát ru.wav", mimeType: "audio/wav", buffer: wave(2) });
  await follow(office, office.click("form[action='/upload'] button"));
  holds((await office.locator("main .good[role=status]").count()) === 1, await text(office));
  for (let tries = 0; ; tries += 1) {
    await office.goto("/inbox?language=vi");
    if ((await text(office, "table.list")).includes("hát ru.wav")) break;
    holds(tries < 60, "no receipt within fifteen seconds");
    await office.waitForTimeout(250);
  }
  for (const language of ["vi", "en"]) await lookAt(office, "/inbox", language, fault);
  await office.setViewportSize(DESK);
  await office.goto("/inbox?language=vi");
  const row = office.locator("table.list tr", { hasText: "hát ru.wav" });
  await follow(office, row.locator("a").click());
  holds((await text(office, "body")).includes("hát ru.wav"), await text(office, "body"));
  await office.goto("/recordings?name=ru.wav");
  await follow(office, office.locator("table.list td a").first().click());
  await office.locator("audio").evaluate((audio) => {
    audio.muted = true;
    return audio.play();
  });
  holds(await office.locator("audio").evaluate((audio) => audio.duration > 1), "the recording is not heard");
  for (const language of ["vi", "en"]) await lookAt(office, new URL(office.url()).pathname + new URL(office.url()).search.replace(/[&?]language=../, ""), language, fault);
  await office.context().close();
});

await check("one day is changed by a form, and the rundown has it", async () => {
  await technician.setViewportSize(DESK);
  await technician.goto("/rundown?language=vi");
  await technician.selectOption("form[action='/change'] select[name=slot]", "tuan|trua");
  await technician.fill("form[action='/change'] input[name=date]", told.tomorrow);
  await technician.selectOption("form[action='/change'] select[name=action]", "move");
  await technician.fill("form[action='/change'] input[name=at]", "14:45");
  await technician.fill("form[action='/change'] input[name=reason]", "Hội nghị tại trụ sở");
  await follow(technician, technician.click("form[action='/change'] button"));
  // Nothing airs here that nobody approved.
  holds((await text(technician)).includes("chờ người có thẩm quyền duyệt"), await text(technician));
  for (const language of ["vi", "en"]) await lookAt(technician, "/rundown", language, fault);
  await supervisor.goto("/orders?language=vi");
  await follow(supervisor, supervisor.click("form[action='/approve'] button"));
  holds((await supervisor.locator("main .good[role=status]").count()) === 1, await text(supervisor));
  for (let tries = 0; ; tries += 1) {
    await technician.goto(`/rundown?from=${told.tomorrow}&days=1`);
    if ((await text(technician)).includes("14:45")) break;
    holds(tries < 40, await text(technician));
    await technician.waitForTimeout(250);
  }
});

await check("without scripts every page is whole, and the forms work", async () => {
  const old = await guest({ javaScriptEnabled: false, viewport: PHONE });
  for (const of of await places(screen)) {
    const answer = await old.goto(spoken(of, "vi"));
    holds(answer.status() === 200, `${of}: ${answer.status()}`);
    holds((await text(old)).length > 40, `${of}: ${await text(old)}`);
  }
  await signIn(old, "Bình", password);
  await follow(old, old.click("a[href='/orders']"));
  await old.fill("form[action='/play'] input[name=file]", recording);
  await follow(old, old.click("form[action='/play'] button"));
  holds((await old.locator("main .good[role=status]").count()) === 1, await text(old));
  await old.goto("/");
  for (let tries = 0; (await old.locator(".onair").count()) === 0; tries += 1) {
    holds(tries < 40, "what was ordered is not on air within ten seconds");
    await old.waitForTimeout(250);
    await old.goto("/");
  }
  holds((await old.locator("meta[http-equiv=refresh]").count()) === 1, "the page does not renew itself");
  await follow(old, old.click("button.stop"));
  holds((await old.locator("main .good[role=status]").count()) === 1, await text(old));
  await old.goto("/airings");
  await old.selectOption("select[name=outcome]", "cut");
  await follow(old, old.click("form.filter button"));
  holds((await old.locator("table.list td .o.cut").count()) > 1, "the filter shows nothing");
  await old.context().close();
});

await check("signing out ends it", async () => {
  await technician.setViewportSize(DESK);
  await technician.goto("/orders?language=vi");
  await follow(technician, technician.click("form[action='/logout'] button"));
  holds((await technician.locator("a[href='/login']").count()) === 1, "there is no way to sign in again");
  await technician.goto("/orders");
  holds(technician.url().includes("/login"), technician.url());
});

await finish();
