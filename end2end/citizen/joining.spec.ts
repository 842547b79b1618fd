// A citizen finds that a matter is reported already, joins it with a code of their own, follows it and leaves again.
import type { Browser, Page } from "@playwright/test";

import { fillIn, openCase, send, signIn, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

/** Files a report and lets it out to the public through two officials. Gives its address. */
async function release(page: Page, browser: Browser, title: string, withScripts: boolean): Promise<string> {
  await fillIn(page, { kind: "report", title, body: `${title}. Nước tràn ra đường mỗi khi mưa.`, name: "Hoàng Thị Mẫu", photos: 0 });
  await send(page);
  await page.context().clearCookies();
  const options = { viewport: page.viewportSize(), javaScriptEnabled: withScripts, baseURL: new URL(page.url()).origin };
  const head = await (await browser.newContext(options)).newPage();
  await signIn(head, "lanhdao");
  await openCase(head, title, "tat-ca");
  await head.getByRole("button", { name: "Tiếp nhận" }).click();
  await expect(head.locator(".flash")).toContainText("Đã tiếp nhận");
  await unfold(head, "cong-khai");
  await head.locator("input[name=public_title]").fill(title);
  await head.locator("textarea[name=public_body]").fill("Cống tắc, nước tràn ra đường mỗi khi mưa.");
  await head.locator("#buoc-cong-khai").getByRole("button", { name: "Gửi người duyệt" }).click();
  await head.context().close();
  const approver = await (await browser.newContext(options)).newPage();
  await signIn(approver, "duyet");
  await openCase(approver, title, "tat-ca");
  await approver.getByRole("button", { name: "Duyệt công khai" }).first().click();
  await expect(approver.locator(".flash")).toContainText("đã lên trang");
  const address = await approver.locator("a.tag[href^='/cong-khai/']").getAttribute("href");
  await approver.context().close();
  return address ?? "";
}

test("joining a released report, following it by an own code, leaving again", async ({ page, browser, shot, axe, withScripts }, info) => {
  const title = `Cống Nà Khuổi tắc ${info.project.name} ${Date.now()}`;
  const address = await release(page, browser, title, withScripts);
  await page.goto(address);
  await shot(page, "join-0-public");
  const before = Number((await page.getByText(/người (cùng )?phản ánh/).first().innerText()).match(/\d+/)?.[0]);
  await page.getByRole("link", { name: "Tôi cũng gặp việc này" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tôi cũng gặp việc này");
  await shot(page, "join-1-form");
  await axe(page);
  await page.locator("input[name=phone]").fill("12");
  await page.locator("input[name=name]").fill("Bế Thị Nhói");
  await page.getByRole("button", { name: "Tôi cũng gặp việc này" }).click();
  await expect(page.locator("#errors")).toContainText("Số điện thoại này chưa đúng");
  await expect(page.locator("input[name=name]")).toHaveValue("Bế Thị Nhói");
  await page.locator("input[name=phone]").fill("");
  await page.getByRole("button", { name: "Tôi cũng gặp việc này" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Đã ghi nhận");
  await expect(page.getByText(`${before + 1} người cùng phản ánh`)).toBeVisible();
  const code = (await page.locator(".code-big").innerText()).replace(/\s+/g, " ").trim();
  await shot(page, "join-2-receipt");
  await axe(page);

  // the code alone opens it, on any device
  await page.context().clearCookies();
  await page.goto("/tra-cuu");
  await page.locator("input[name=code]").fill(code);
  await page.getByRole("button", { name: "Mở đơn" }).click();
  await expect(page).toHaveURL(/\/tra-cuu\/cung$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await shot(page, "join-3-follow");
  await axe(page);
  await page.getByText("Rút khỏi việc này").click();
  await page.locator("input[name=sure]").check();
  await page.getByRole("button", { name: "Rút", exact: true }).click();
  await expect(page.locator(".flash")).toContainText("Đã rút");
  await page.goto(address);
  await expect(page.getByRole("link", { name: "Tôi cũng gặp việc này" })).toBeVisible();
});

test("before sending, what is reported already is shown and keeps nobody from sending", async ({ page, browser, shot, axe, withScripts }, info) => {
  const title = `Mương thủy lợi Khuổi Sla sạt lở ${info.project.name} ${Date.now()}`;
  const address = await release(page, browser, title, withScripts);
  await page.goto("/gui");
  await page.locator("input[name=kind][value=report]").check();
  await page.locator("input[name=title]").fill(title);
  await page.locator("textarea[name=body]").fill(`${title}. Nhà tôi cũng bị.`);
  if (withScripts) {
    await expect(page.locator(".alike a.btn").first()).toHaveAttribute("href", `${address}/cung`);
    await shot(page, "alike-0-typing");
    await axe(page);
  }
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await page.locator("select[name=area]").selectOption("01969");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page).toHaveURL(/\/gui\/kiem-tra$/);
  await expect(page.locator(".alike")).toContainText("Có thể việc này đã được phản ánh");
  await shot(page, "alike-1-check");
  await axe(page);
  await page.getByRole("button", { name: "Gửi đơn" }).last().click();
  await expect(page).toHaveURL(/\/gui\/da-gui$/);
});
