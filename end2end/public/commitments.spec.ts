// A promise: somebody reads it, says that it is not kept, follows it by mail; the office adds evidence, moves the day and reports it done.
import type { Browser, Page } from "@playwright/test";

import { photo } from "../lib/photos";
import { signIn } from "../lib/steps";
import { expect, test } from "../lib/test";

/** Phủ Thông's promise that is late in the demo. */
const WATER = "Kéo đường ống nước đến 34 hộ thôn Bản Tàn";
const AGENCY = "19.01969.UB";

async function official(page: Page, browser: Browser, who: string, withScripts: boolean): Promise<Page> {
  const options = { viewport: page.viewportSize(), javaScriptEnabled: withScripts, baseURL: new URL(page.url()).origin };
  const desk = await (await browser.newContext(options)).newPage();
  await signIn(desk, who);
  return desk;
}

function inDays(days: number): string {
  const day = new Date(Date.now() + 7 * 3_600_000 + days * 86_400_000);
  return day.toISOString().slice(0, 10);
}

async function fits(page: Page): Promise<void> {
  const overflow = await page.locator("body").evaluate((body) => body.scrollWidth - body.clientWidth).catch(() => 0);
  expect(overflow, "nothing sticks out sideways").toBeLessThanOrEqual(0);
}

test("a late promise is contradicted, followed, shown, moved and done", async ({ page, browser, shot, axe, withScripts }) => {
  await page.goto(`/loi-hua?co-quan=${AGENCY}&tinh-trang=qua-han`);
  await shot(page, "promise-0-list");
  await axe(page);
  await page.getByRole("link", { name: WATER }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(WATER);
  await expect(page.locator(".clock.late")).toContainText("Quá hạn");
  await expect(page.locator("dd s")).toHaveCount(1);
  const address = new URL(page.url()).pathname;
  await fits(page);
  await axe(page);
  await shot(page, "promise-1-one");

  // Said once; said again from the same device it is the same voice.
  await page.getByRole("link", { name: "Chưa xong" }).click();
  await expect(page.locator("input[name=y][value=chua]")).toBeChecked();
  await axe(page);
  await shot(page, "promise-2-say");
  await page.locator("textarea[name=words]").fill("Nhà tôi vẫn xách nước suối.");
  await page.getByRole("button", { name: "Gửi ý kiến" }).click();
  await expect(page.locator(".flash")).toContainText("Bạn đã cho biết: chưa xong");
  const said = await page.locator("article.promise .num").first().innerText();
  await page.getByRole("button", { name: "Đổi ý kiến" }).click();
  await expect(page.locator("article.promise .num").first()).toHaveText(said);
  await shot(page, "promise-3-said");

  await page.goto(address);
  await page.getByRole("link", { name: "Theo dõi lời hứa này" }).click();
  await page.locator("input[name=email]").fill("khong phai");
  await page.getByRole("button", { name: "Gửi cho tôi đường dẫn" }).click();
  await expect(page.locator("#errors")).toBeVisible();
  await axe(page);
  await shot(page, "promise-4-follow");
  await page.locator("input[name=email]").fill("nguoi.dan@vi-du.example");
  await page.getByRole("button", { name: "Gửi cho tôi đường dẫn" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hãy mở hộp thư của bạn");

  const desk = await official(page, browser, "lanhdao", withScripts);
  await desk.goto("/can-bo/loi-hua");
  await shot(desk, "promise-5-desk");
  await axe(desk);
  await desk.getByRole("link", { name: WATER }).click();
  await fits(desk);
  await axe(desk);
  await shot(desk, "promise-6-desk-one");
  await expect(desk.getByText("Nhà tôi vẫn xách nước suối.")).toBeVisible();
  await desk.getByRole("button", { name: "Cho hiện công khai" }).first().click();
  await expect(desk.locator(".flash")).toContainText("Đã lưu");

  await desk.locator("summary", { hasText: "Thêm bằng chứng" }).click();
  await desk.locator("textarea[name=evidence_words]").fill("34 trên 34 hộ đã có nước.");
  await desk.locator("input[name=papers]").setInputFiles([{ name: "nuoc.jpg", mimeType: "image/jpeg", buffer: photo() }]);
  await desk.locator("input[name=evidence_alt]").fill("Vòi nước đang chảy ở sân nhà");
  await desk.getByRole("button", { name: "Thêm bằng chứng" }).click();
  await expect(desk.locator(".flash")).toContainText("Đã lưu");

  await desk.locator("summary", { hasText: "Dời ngày hứa" }).click();
  await desk.locator("input[name=move_to]").fill(inDays(20));
  await desk.getByRole("button", { name: "Dời ngày", exact: true }).click();
  await expect(desk.locator("#errors")).toContainText("Hãy ghi lý do");
  await shot(desk, "promise-7-refused");
  await desk.locator("textarea[name=move_reason]").fill("mưa lũ làm hỏng một đoạn ống");
  await desk.getByRole("button", { name: "Dời ngày", exact: true }).click();
  await expect(desk.locator(".flash")).toContainText("Đã lưu");
  await desk.locator("summary", { hasText: "Báo đã làm xong" }).click();
  await desk.getByRole("button", { name: "Báo đã làm xong" }).click();
  await expect(desk.locator(".flash")).toContainText("Đã lưu");
  await desk.context().close();

  // The browser keeps a public page for a minute; somebody else comes by now.
  const url = new URL(address, page.url()).href;
  const options = { viewport: page.viewportSize(), javaScriptEnabled: withScripts };
  page = await (await browser.newContext(options)).newPage();
  await page.goto(url);
  await expect(page.locator(".clock.ok")).toContainText("đúng hẹn sau khi dời");
  await expect(page.locator("dd s")).toHaveCount(2);
  await expect(page.locator(".photo-grid img")).toHaveAttribute("alt", "Ảnh: Vòi nước đang chảy ở sân nhà");
  await expect(page.getByText("Nhà tôi vẫn xách nước suối.")).toBeVisible();
  await axe(page);
  await shot(page, "promise-8-kept");
  await page.context().close();
});
