// The clock that the station does not trust, and the button by which a person vouches for it. Run by
// tests/suite/browser.rs over pages whose station says that it doubts its clock.

import { examineShown, lookAt } from "./checks.mjs";
import { check, fault, finish, guest, holds, press, signIn, text, told } from "./visits.mjs";

const SAID = { vi: ["Đúng không?", "Đã xác nhận giờ máy"], en: ["Is that right?", "vouched for"] };
const technician = await guest();
const [question, answer] = SAID[told.language];

await check(`${told.language}: a person vouches for the clock`, async () => {
  await signIn(technician, "Bình", told.password, told.language);
  await lookAt(technician, "/", told.language, fault);
  holds((await text(technician, "p.state")).includes(told.language === "vi" ? "CHƯA TIN ĐƯỢC" : "NOT TRUSTED"), await text(technician));
  await lookAt(technician, "/orders", told.language, fault);
  holds((await text(technician, "form[action='/clock']")).includes(question), await text(technician));
  const said = await press(technician, "form[action='/clock'] button");
  holds(said.includes(answer), said);
  await examineShown(technician, `${told.language} after vouching for the clock`, told.language, fault);
  await technician.goto("/orders");
  holds((await technician.locator("form[action='/clock']").count()) === 0, "it is asked again");
});

await finish();
