// Letters outside a step of the law: the receipt from draft over signature to the citizen's phone, sent back once with a reason; and the
// way to what authorities below are late with (server/tests/http/escalation.rs has the rest: it needs days to pass).

import { desk, fillIn, follow, openCase, send, signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

const TITLE = "Đèn đường ở thôn Nà Món tắt đã hai tuần";

test("a receipt is drafted, sent back, signed, and opened by the citizen", async ({ page, browser, server, shot, axe }, info) => {
  test.setTimeout(180_000);
  await fillIn(page, { kind: "report", title: TITLE, body: "Buổi tối trẻ con đi học về phải soi đèn pin.", name: "Nông Thị Mây", photos: 0 });
  const code = await send(page);
  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  const approver = await desk(browser, info, server.url, "duyet.phuthong");

  await openCase(intake, TITLE);
  await shot(intake, "own-letters-case");
  await intake.locator("#soan").getByRole("link", { name: "Chọn loại văn bản" }).click();
  await expect(intake.getByRole("heading", { level: 1 })).toHaveText("Soạn văn bản nào?");
  await axe(intake);
  await shot(intake, "own-letters-choice");
  await intake.getByRole("link", { name: /Giấy biên nhận/ }).click();
  // A blank cannot go out: the words stay.
  await intake.getByRole("button", { name: "Trình ký" }).click();
  await expect(intake.locator("#errors")).toBeVisible();
  const words = intake.locator("textarea[name=letter_body]");
  await words.fill((await words.inputValue()).replace(/\[[^\]]*\]/g, "bản điện tử, 01 trang"));
  await axe(intake);
  await shot(intake, "own-letters-new");
  await intake.getByRole("button", { name: "Lưu bản nháp" }).click();
  await expect(intake.locator(".flash")).toContainText("Đã lưu bản nháp");
  await expect(intake.locator(".letter")).toContainText("GIẤY BIÊN NHẬN");
  await axe(intake);
  await shot(intake, "own-letters-draft");
  await intake.getByRole("button", { name: "Trình ký" }).click();
  await expect(intake.locator(".flash")).toContainText("Đã trình ký");

  await openCase(approver, TITLE);
  await approver.locator("#cho-ky a").click();
  await expect(approver.locator("#ky")).toBeVisible();
  await axe(approver);
  await shot(approver, "own-letters-sign");
  await approver.locator("details summary", { hasText: "Trả lại" }).click();
  await approver.locator("textarea[name=return_reason]").fill("Ghi thêm số điện thoại của bộ phận một cửa.");
  await approver.locator("button[value=return]").click();
  await expect(approver.locator(".flash")).toContainText("Đã trả lại");

  await intake.goto(intake.url());
  await intake.locator("#van-ban a", { hasText: "Giấy biên nhận" }).first().click();
  await expect(intake.locator("main")).toContainText("Ghi thêm số điện thoại");
  await words.fill(`${await words.inputValue()}\nĐiện thoại bộ phận một cửa: 0209 000 000.`);
  await intake.getByRole("button", { name: "Trình ký" }).click();
  await expect(intake.locator(".flash")).toContainText("Đã trình ký");
  await approver.reload();
  await approver.locator("#cho-ky a").click();
  await approver.getByRole("button", { name: "Ký và ban hành" }).click();
  await expect(approver.locator(".flash")).toContainText("Đã ký và ban hành");
  await expect(approver.locator("#van-ban")).toContainText("/GBN-UBND");

  await follow(page, code);
  await expect(page.locator("#van-ban")).toContainText("Giấy biên nhận");
  await shot(page, "own-letters-citizen");
  await page.locator("#van-ban a", { hasText: "Giấy biên nhận" }).first().click();
  await expect(page.locator(".letter")).toContainText("Nông Thị Mây");
  await expect(page.locator(".letter")).toContainText("0209 000 000");
  await expect(page.locator(".letter")).toContainText("có quyền hỏi");
  await shot(page, "own-letters-opened");
});

test("the province finds what is late below from its first page", async ({ page, shot, axe }) => {
  await signInAs(page, "tiepnhan.tinh");
  await page.goto("/can-bo");
  await page.getByRole("link", { name: "Việc cấp dưới quá hạn" }).click();
  await expect(page).toHaveURL(/\/can-bo\/cap-duoi$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Việc cấp dưới quá hạn");
  await axe(page);
  await shot(page, "below-list");
});
