// What people order and write at the pages, and the pages that only come of it: looked at in both languages as every other
// page is. Run by tests/suite/browser.rs, which has made the station and reads the journal afterwards:
//
//     node tests/browser/actions.mjs '{"address": "http://127.0.0.1:8080", "password": "…", …}'

import { examineShown, lookAt } from "./checks.mjs";
import { check, fault, finish, follow, guest, holds, press, signIn, text, told, until, wave } from "./visits.mjs";

const { recording, short, tomorrow, proofs } = told;
/// What the schedule plays and nobody has sent yet.
const late = "chưa gửi.wav";
const LANGUAGES = ["vi", "en"];
const SAID = {
  vi: { emergency: "KHẨN CẤP", lang: "vi", waits: "chờ người có thẩm quyền duyệt", approved: "Đã duyệt lịch", listen: "Nghe thử" },
  en: { emergency: "EMERGENCY", lang: "en", waits: "waits for approval", approved: "approved", listen: "Listen" },
};

const screen = await guest();
const technician = await guest();
const supervisor = await guest();
const office = await guest();
/// The address of a recording that waited and does no longer.
let stale;
const see = (page, what, language) => examineShown(page, `${language} after ${what}`, language, fault);

for (const language of LANGUAGES) {
  const said = SAID[language];

  await check(`${language}: a sign-in that is refused`, async () => {
    const stranger = await guest();
    stranger.provoked.add("/login");
    await signIn(stranger, "Bình", "không phải mật khẩu này", language);
    holds((await stranger.locator("[role=alert]").count()) === 1, "nothing says what was wrong");
    await see(stranger, "a refused sign-in", language);
    await stranger.context().close();
  });

  await check(`${language}: signed in`, async () => {
    for (const [page, name] of [[technician, "Bình"], [supervisor, "Cúc"], [office, "Phòng Văn hóa"]]) {
      if ((await page.context().cookies()).length) await page.goto(`/?language=${language}`);
      else await signIn(page, name, told.password, language);
    }
  });

  await check(`${language}: a schedule that waits is approved`, async () => {
    await until(supervisor, "/orders", "nothing waits", async () => (await supervisor.locator("form[action='/approve']").count()) > 0);
    holds((await text(supervisor)).includes(said.waits), await text(supervisor));
    await lookAt(supervisor, "/orders", language, fault);
    holds((await supervisor.locator("form[action='/refuse'] input[name='why'][required]").count()) > 0, "nothing can be refused");
    await supervisor.goto(`/orders?language=${language}`);
    // At first every recording that is there; then what came after it was approved.
    const unheard = await supervisor.$$eval("form[action='/approve'] a", (all) => all.map((one) => one.getAttribute("aria-label")));
    const awaited = language === "vi" ? [recording, short] : [late];
    holds(awaited.length === unheard.length && awaited.every((name) => unheard.includes(`${said.listen}: ${name}`)), JSON.stringify(unheard));
    await follow(supervisor, supervisor.locator("form[action='/approve'] a").last().click());
    const player = supervisor.locator("audio");
    await player.evaluate((audio) => {
      audio.muted = true;
      return audio.play();
    });
    holds(await player.evaluate((audio) => audio.duration >= 1), "what waits is not heard");
    const address = new URL(supervisor.url());
    stale = address.pathname + address.search;
    await lookAt(supervisor, stale, language, fault);
    await follow(supervisor, supervisor.click("main a[href='/orders']"));
    const answer = await press(supervisor, "form[action='/approve'] button");
    holds(answer.toLowerCase().includes(said.approved.toLowerCase()), answer);
    await see(supervisor, "an approval", language);
    await supervisor.goto("/orders");
    holds((await supervisor.locator("form[action='/approve']").count()) === 0, "it still waits");
    await see(supervisor, "nothing left to order", language);
    await lookAt(supervisor, stale, language, fault, { status: 410 });
  });

  await check(`${language}: a cue is left out`, async () => {
    const list = "form[action='/skip'] select";
    await until(technician, "/orders", "no cue is planned", async () => (await technician.locator(list).count()) > 0);
    const of = language === "vi" ? "sang" : "trua";
    const cue = await technician.$$eval(`${list} option`, (all, slot) => all.find((one) => one.value.startsWith(`${slot}|`)).value, of);
    await technician.selectOption(list, cue);
    const [when] = (await technician.locator(`${list} option[value="${cue}"]`).innerText()).split(" Bản tin");
    const answer = await press(technician, "form[action='/skip'] button");
    holds(answer.includes(when), `${answer} is not of ${when}`);
    await see(technician, "a cue left out", language);
    await technician.goto("/orders");
    const left = await technician.$$eval(`${list} option`, (all) => all.map((one) => one.value));
    holds(left.length > 0 && !left.includes(cue), "the cue is still offered");
    const [, day] = cue.split("|");
    await technician.goto(`/rundown?from=${day}&days=1`);
    holds((await technician.locator("svg rect.gone").count()) > 0, "the rundown does not show that it is left out");
    await see(technician, "a cue left out, the rundown", language);
  });

  await check(`${language}: an emergency is ordered, and ended`, async () => {
    await technician.goto("/orders");
    await technician.fill("form[action='/emergency'] input[name=file]", recording);
    await technician.selectOption("form[action='/emergency'] select[name=every]", "10");
    const ordered = await press(technician, "form[action='/emergency'] button");
    holds(ordered.includes(said.emergency), ordered);
    holds(!ordered.includes("`"), `whoever reads a page is told a command: ${ordered}`);
    await see(technician, "an emergency", language);
    await until(screen, `/?language=${language}`, "it is not on air", async () => (await screen.locator(".onair").count()) > 0);
    await see(screen, "an emergency, Now", language);
    await technician.goto("/orders");
    await see(technician, "an emergency, Orders", language);
    const ended = await press(technician, "form[action='/emergency/end'] button");
    holds(ended.includes(recording), ended);
    await see(technician, "the end of an emergency", language);
    await technician.goto("/orders");
    holds((await technician.locator("form[action='/emergency/end']").count()) === 0, "it still stands");
    await until(screen, "/", "it is still on air", async () => (await screen.locator(".onair").count()) === 0);
  });

  await check(`${language}: after a stop the recording can be taken off`, async () => {
    for (const page of [screen, technician]) {
      await technician.goto("/orders");
      await technician.fill("form[action='/play'] input[name=file]", recording);
      await press(technician, "form[action='/play'] button");
      await until(page, `/?language=${language}`, "it is not on air", async () => (await page.locator(".onair").count()) > 0);
      await press(page, "button.stop");
      holds((await text(page)).includes(recording), await text(page));
      await see(page, page === screen ? "a stop, by whoever stands there" : "a stop, by the technician", language);
    }
    holds((await screen.locator("main a[href^='/login?next=']").count()) === 1, "whoever stands there is not shown where to sign in");
    holds((await technician.locator("form[action='/recordings/off']").count()) === 1, "the technician is not offered to take it off");
    if (language === "vi") return;
    await press(technician, "form[action='/recordings/off'] button");
    await see(technician, "taking a recording off", language);
  });

  await check(`${language}: files that an office sends`, async () => {
    await office.goto("/inbox");
    await office.selectOption("form[action='/upload'] select[name=office]", "Phòng Văn hóa");
    const file = { name: `bài gửi ${language}.wav`, mimeType: "audio/wav", buffer: wave(1) };
    await office.setInputFiles("form[action='/upload'] input[type=file]", file);
    await press(office, "form[action='/upload'] button");
    holds((await text(office)).includes(file.name), await text(office));
    await see(office, "an upload", language);
  });

  await check(`${language}: a recording that came late waits, and is heard by the office too`, async () => {
    await technician.goto("/inbox");
    await technician.selectOption("form[action='/upload'] select[name=office]", "/");
    const file = { name: late, mimeType: "audio/wav", buffer: wave(language === "vi" ? 2 : 3) };
    await technician.setInputFiles("form[action='/upload'] input[type=file]", file);
    await press(technician, "form[action='/upload'] button");
    const player = `audio[aria-label$=': ${late}']`;
    await until(office, `/recordings?language=${language}`, "it does not wait", async () => (await office.locator(player).count()) === 1);
    await lookAt(office, "/recordings", language, fault);
    await office.locator(player).evaluate((audio) => {
      audio.muted = true;
      return audio.play();
    });
    holds(await office.locator(player).evaluate((audio) => audio.duration > 1.5), "what waits is not heard");
    await lookAt(supervisor, "/orders", language, fault);
  });

  await check(`${language}: one day is changed`, async () => {
    const change = async (fields) => {
      await technician.goto("/rundown");
      await technician.selectOption("form[action='/change'] select[name=slot]", language === "vi" ? "tuan|trua" : "tuan|chen");
      await technician.fill("form[action='/change'] input[name=date]", tomorrow);
      await technician.selectOption("form[action='/change'] select[name=action]", fields.action);
      if (fields.at) await technician.fill("form[action='/change'] input[name=at]", fields.at);
      await follow(technician, technician.click("form[action='/change'] button"));
    };
    // Moved, but not told whither: nothing changes.
    technician.provoked.add("/change");
    await change({ action: "move" });
    holds((await technician.locator("main .bad").count()) === 1, await text(technician));
    await see(technician, "a change that makes no sense", language);
    await change({ action: "move", at: language === "vi" ? "14:45" : "15:45" });
    holds((await text(technician)).includes(said.waits), await text(technician));
    await see(technician, "a change", language);
    await lookAt(technician, "/", language, fault);
  });

  await check(`${language}: a note on an airing`, async () => {
    await supervisor.goto(`/airings/${proofs[0]}`);
    const note = language === "vi" ? "Đã gọi điện hỏi trưởng thôn, loa nghe rõ" : "Heard in the hamlet, loud and clear";
    await supervisor.fill("form[action='/note'] input[name=text]", note);
    await press(supervisor, "form[action='/note'] button");
    await see(supervisor, "a note", language);
    await supervisor.goto(`/airings/${proofs[0]}`);
    const notes = await supervisor.$$eval("main li", (all) => all.map((one) => one.textContent));
    holds(notes.some((one) => one.includes(note) && one.includes("Cúc")), `the notes are ${JSON.stringify(notes)}`);
    await see(supervisor, "a note, the airing", language);
  });

  await check(`${language}: a period is reviewed, and its report says by whom`, async () => {
    await supervisor.goto("/reports");
    const by = language === "vi" ? "Lê Thị Dung, Phó phòng" : "Le Thi Dung";
    const period = await supervisor.$eval("form[action='/review'] select[name=period]", (list) => list.options[0].value);
    await supervisor.selectOption("form[action='/review'] select[name=period]", period);
    await supervisor.fill("form[action='/review'] input[name=by]", by);
    await supervisor.fill("form[action='/review'] input[name=text]", "Đã đối chiếu với sổ trực");
    await press(supervisor, "form[action='/review'] button");
    await see(supervisor, "a review", language);
    await supervisor.goto(`/reports/file?form=log&period=${period}&format=html&language=${language}`);
    const report = await text(supervisor, "body");
    holds(report.includes(by) && report.includes("Đã đối chiếu với sổ trực"), report.slice(-900));
  });

  await check(`${language}: what a browser asks wrongly is a page that says so`, async () => {
    for (const [page, of, status] of [
      [technician, "/stop", 405],
      [technician, "/emergency/end", 405],
      [technician, "/upload", 405],
      [supervisor, "/month?month=2025-13", 400],
      [supervisor, "/recordings/one?name=khong-co.wav", 404],
    ]) {
      await lookAt(page, of, language, fault, { status });
    }
    // A form of a page that is out of date.
    technician.provoked.add("/play");
    await technician.goto("/orders");
    await technician.$eval("form[action='/play'] input[name=token]", (token) => (token.value = "0".repeat(64)));
    await technician.fill("form[action='/play'] input[name=file]", short);
    await follow(technician, technician.click("form[action='/play'] button"));
    holds((await technician.locator("main .bad").count()) === 1, await text(technician));
    await see(technician, "a form that is out of date", language);
    // A recording that nobody has.
    await technician.goto("/orders");
    await technician.fill("form[action='/play'] input[name=file]", "không có.wav");
    await follow(technician, technician.click("form[action='/play'] button"));
    holds((await technician.locator("main .bad").count()) === 1, await text(technician));
    await see(technician, "an order that is refused", language);
  });
}

await finish();
