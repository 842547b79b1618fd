// The kinds beside complaint, denunciation, report and recommendation, from filing to their end: a petition about administrative
// rules is taken up, answered and published; praise is passed on and thanked for. And an emergency, told before anything else.
import type { Page } from "@playwright/test";

import { desk, fillIn, follow, openCase, receiveAndGive, send, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

/** Intake receives the case and gives it to a handler. */
async function give(intake: Page, title: string): Promise<void> {
  await openCase(intake, title);
  // The words may have proposed a unit; this handler is of another.
  await receiveAndGive(intake, "");
}

/** Records a step of the law on the open case. */
async function record(page: Page, name: string, reason = ""): Promise<void> {
  await page.reload();
  await page.locator("#thu-tuc").getByRole("link", { name, exact: true }).click();
  if (reason !== "") await page.locator("textarea[name=law_reason]").fill(reason);
  await page.getByRole("button", { name: "Ghi nhận" }).click();
  await expect(page.locator(".flash")).toContainText(`Đã ghi: ${name}`);
}

/** Drafts an answer and lets it out. */
async function answer(handler: Page, approver: Page, title: string, words: string): Promise<void> {
  await openCase(handler, title);
  await unfold(handler, "tra-loi");
  await handler.locator("textarea[name=answer]").fill(words);
  await handler.locator("#buoc-tra-loi button[value=send]").click();
  await openCase(approver, title);
  await approver.getByRole("button", { name: "Duyệt trả lời" }).click();
}

test("a petition about administrative rules is taken up, answered and published", async ({ browser, page, shot, axe, server }, info) => {
  const title = `Hồ sơ đòi bản sao thừa ${info.project.name.replace(/-/g, " ")}`;
  await page.goto("/gui");
  await shot(page, "kinds-first-screen");
  await axe(page);
  await fillIn(page, { kind: "administrative_rule", title, body: "Đã có căn cước điện tử mà vẫn phải nộp ba bản sao.", name: "Lò Thị Thử Nghiệm", photos: 0 });
  await expect(page.getByText("Kết quả sẽ được công khai")).toBeVisible();
  const code = await send(page);

  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  const handler = await desk(browser, info, server.url, "xuly.phuthong");
  const approver = await desk(browser, info, server.url, "duyet.phuthong");
  await give(intake, title);
  await shot(intake, "kinds-rule-desk");
  await record(intake, "Vào sổ, đúng thẩm quyền");
  await answer(handler, approver, title, "Yêu cầu nộp bản sao đã được bỏ.");
  await follow(page, code);
  await expect(page.locator("#done")).toContainText("còn phải được công khai");
  await openCase(handler, title, "da-tra-loi");
  await record(handler, "Ghi ngày công bố");
  await page.reload();
  await expect(page.locator("#done")).toContainText("Kết quả đã được công khai");
  await shot(page, "kinds-rule-published");
  await axe(page);
});

test("praise is passed on and its sender thanked", async ({ browser, page, shot, axe, server }, info) => {
  const title = `Cảm ơn chị ở quầy số 3 ${info.project.name.replace(/-/g, " ")}`;
  await fillIn(page, { kind: "praise", title, body: "Chị giúp mẹ tôi viết giấy tờ rất tận tình.", name: "Lò Thị Thử Nghiệm", photos: 0 });
  const code = await send(page);
  await expect(page.getByText("Lời khen sẽ được đọc")).toBeVisible();
  await shot(page, "kinds-praise-receipt");

  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  const handler = await desk(browser, info, server.url, "xuly.phuthong");
  const approver = await desk(browser, info, server.url, "duyet.phuthong");
  await give(intake, title);
  await openCase(handler, title);
  await record(handler, "Chuyển lời khen", "Đã chuyển chị Hoa, bộ phận một cửa.");
  await answer(handler, approver, title, "Cảm ơn bạn. Chị Hoa đã nhận được lời khen.");
  await follow(page, code);
  await expect(page.getByText("Đã cảm ơn").first()).toBeVisible();
  await expect(page.locator("body")).not.toContainText("9999");
  await shot(page, "kinds-praise-thanked");
  await axe(page);
});

test("an emergency is told whom to call before anything else, and may still be sent", async ({ page, shot, axe, withScripts }) => {
  await page.goto("/gui");
  await page.locator("input[name=kind][value=report]").check();
  await page.locator("input[name=title]").fill("Nhà bên đang cháy, còn người bên trong");
  await page.locator("textarea[name=body]").fill("Khói đen bốc cao ở tổ 3.");
  if (withScripts) await expect(page.locator("#khan-cap a[href='tel:114']")).toBeVisible();
  await shot(page, "kinds-emergency-typing");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page.locator("#khan-cap a").first()).toHaveAttribute("href", "tel:114");
  await shot(page, "kinds-emergency");
  await axe(page);
});
