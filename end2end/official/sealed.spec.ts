// A denunciation from filing over redacted handling and opening to the page of its code, which tells of the opening.
import type { Browser, Page, TestInfo } from "@playwright/test";

import { Server } from "../lib/server";
import { PASSWORD, desk, fillIn, follow, receiveAndGive, send } from "../lib/steps";
import { expect, test } from "../lib/test";

test("a denunciation stays sealed: handlers read a prepared text, an opening is told to whoever wrote it", async ({ browser, shot, axe }, info) => {
  test.setTimeout(180_000);
  // A portal of its own: the list of denunciations tells none from another, so there must be no other new one.
  const server = await Server.start();
  try {
    await sealedFromFilingToTheCodesPage({ browser, server, shot, axe }, info);
  } finally {
    await server.stop();
  }
});

type Around = { browser: Browser; server: Server; shot: (page: Page, name: string) => Promise<void>; axe: (page: Page) => Promise<void> };

async function sealedFromFilingToTheCodesPage({ browser, server, shot, axe }: Around, info: TestInfo): Promise<void> {
  const { viewport, javaScriptEnabled } = info.project.use;
  const context = await browser.newContext({ baseURL: server.url, viewport: viewport ?? null, javaScriptEnabled: javaScriptEnabled ?? true });
  const page = await context.newPage();
  const name = "Lò Thị Kín Tiếng";
  const body = `Tôi là ${name}, số 0912 345 678. Ông phó thôn đòi hai triệu mới ký giấy.`;
  await page.goto("/gui");
  await fillIn(page, { kind: "denunciation", title: "Phó thôn đòi tiền ký giấy", body, name, photos: 1 });
  await page.goto("/gui/o-dau");
  await expect(page.locator("#told_as")).toContainText("Đứng tên tố cáo");
  await shot(page, "sealed-1-told-as");
  await axe(page);
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page.locator("main")).toContainText("Đứng tên tố cáo");
  const code = await send(page);

  // Intake finds it in the list, which says nothing of it, and gives it to a handler.
  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  await intake.goto("/can-bo?phan=tat-ca&loai=denunciation");
  await intake.locator(".queue a.item.unread", { hasText: "Nội dung niêm phong" }).first().click();
  const address = new URL(intake.url()).pathname;
  await expect(intake.locator("main")).toContainText("Bản làm việc đang được chuẩn bị");
  await expect(intake.locator("body")).not.toContainText(name);
  expect(await intake.title()).toContain("Hồ sơ");
  await receiveAndGive(intake);

  const handler = await desk(browser, info, server.url, "xuly.phuthong");
  await handler.goto(address);
  await expect(handler.locator("main")).toContainText("Bản làm việc đang được chuẩn bị");
  await expect(handler.locator("body")).not.toContainText("hai triệu");
  await shot(handler, "sealed-2-being-prepared");

  // A wrong password opens nothing and loses nothing.
  await intake.goto(address);
  await intake.getByRole("link", { name: /Phần niêm phong/ }).first().click();
  await expect(intake.getByRole("heading", { level: 1 })).toHaveText("Phần niêm phong");
  const fill = async (password: string) => {
    await intake.locator("select[name=what]").selectOption("original");
    await intake.locator("select[name=duty]").selectOption("prepare_working");
    await intake.locator("textarea[name=reason]").fill("Cần lược bỏ tên trước khi giao người xử lý.");
    await intake.locator("input[name=proof]").fill(password);
    await intake.getByRole("button", { name: "Mở", exact: true }).click();
  };
  await shot(intake, "sealed-3-closed");
  await axe(intake);
  await fill("khong phai");
  await expect(intake.locator("#errors")).toContainText("Mật khẩu chưa đúng");
  await expect(intake.locator("textarea[name=reason]")).toHaveValue("Cần lược bỏ tên trước khi giao người xử lý.");
  await fill(PASSWORD);
  await expect(intake.locator(".flash")).toContainText("Đã mở");
  await expect(intake.locator("#ban-goc")).toContainText("hai triệu");
  // What may betray the sender is marked already; the person reads it over.
  const working = intake.locator("textarea[name=working_body]");
  await expect(working).toHaveValue(/\[đã ẩn: /);
  expect(await working.inputValue()).not.toContain(name);
  expect(await working.inputValue()).not.toContain("0912");
  await intake.locator("input[name=working_title]").fill("Đòi tiền khi ký giấy");
  await working.fill("[đã ẩn: tên người]. Ông phó thôn đòi tiền mới ký giấy.");
  await shot(intake, "sealed-4-open");
  await axe(intake);
  await intake.getByRole("button", { name: "Lưu bản làm việc" }).click();
  await expect(intake.locator(".flash")).toContainText("Đã lưu bản làm việc");
  await intake.getByRole("button", { name: "Đóng lại" }).click();
  await expect(intake.locator("body")).not.toContainText("hai triệu");

  await handler.goto(address);
  await expect(handler.locator("main")).toContainText("Ông phó thôn đòi tiền mới ký giấy");
  await expect(handler.locator("body")).not.toContainText("hai triệu");
  await expect(handler.locator("body")).not.toContainText(name);
  await shot(handler, "sealed-5-working-text");
  await axe(handler);

  const head = await desk(browser, info, server.url, "lanhdao.phuthong");
  await head.goto("/can-bo/mo-niem-phong");
  await expect(head.locator("main")).toContainText("Cần lược bỏ tên trước khi giao người xử lý.");
  await shot(head, "sealed-6-openings");
  await axe(head);

  await follow(page, code);
  await expect(page.locator("main")).toContainText("đã mở lời kể và giấy tờ gốc của bạn, để: lược bỏ thông tin về người tố cáo");
  await expect(page.locator("body")).not.toContainText("trước khi giao người xử lý.");
  await shot(page, "sealed-7-told");
  await axe(page);
}

test("a tip without a name is taken, and says honestly what becomes of it", async ({ page, shot, axe }) => {
  await page.goto("/gui");
  await page.locator("input[name=kind][value=denunciation]").check();
  await page.locator("input[name=title]").fill("Kế toán khai khống");
  await page.locator("textarea[name=body]").fill("Khai khống 12 hóa đơn tháng 9, bản sao ở tủ số 3.");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await page.locator("select[name=area]").selectOption("01969");
  await page.locator("input[name=told_as][value=tip]").check();
  await expect(page.locator("#told_as")).toContainText("không được thụ lý như tố cáo");
  await shot(page, "sealed-8-tip");
  await axe(page);
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page).toHaveURL(/\/gui\/kiem-tra$/);
  await expect(page.locator("main")).toContainText("Báo tin, không để lại tên");
  await send(page);
});
