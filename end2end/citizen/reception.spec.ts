// A citizen books a slot with the chairwoman, comes on the day and is written into the register; the public sees the day as held.
import { Server } from "../lib/server";
import { signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

/** Days from today to "Thứ Hai, 7/12/2026". */
function daysUntil(words: string): number {
  const [, day, month, year] = /(\d+)\/(\d+)\/(\d+)/.exec(words) ?? [];
  const vietnam = new Date(Date.now() + 7 * 3_600_000);
  const today = Date.UTC(vietnam.getUTCFullYear(), vietnam.getUTCMonth(), vietnam.getUTCDate());
  return Math.round((Date.UTC(Number(year), Number(month) - 1, Number(day)) - today) / 86_400_000);
}

test("a slot is booked by phone, the visit is registered, the day is seen as held", async ({ page, browser, shot, axe }, info) => {
  const server = await Server.start();
  try {
    await page.goto(`${server.url}/`);
    await page.getByRole("link", { name: "Gặp lãnh đạo: lịch tiếp công dân" }).click();
    await expect(page.locator(".cal thead th").first()).toHaveText("T2");
    await shot(page, "reception-0-calendar");
    await axe(page);
    await page.getByText("Lọc theo cơ quan, xã phường").click();
    await page.locator("select[name=co-quan]").selectOption("19.01969.UB");
    await page.getByRole("button", { name: "Lọc lịch" }).click();
    await page.locator(".list-cases li", { hasText: "Còn chỗ hẹn" }).first().locator("a").click();
    const number = new URL(page.url()).pathname;
    const day = await page.locator("h1 + p").innerText();
    await shot(page, "reception-1-day");
    await axe(page);
    await page.getByRole("link", { name: "Đặt lịch hẹn" }).click();
    await page.locator("input[name=name]").fill("Lý Văn Sính");
    await page.getByRole("button", { name: "Đặt lịch hẹn" }).click();
    await expect(page.locator("#errors li")).toHaveCount(2);
    await expect(page.locator("input[name=name]")).toHaveValue("Lý Văn Sính");
    await shot(page, "reception-2-wrong");
    await axe(page);
    await page.locator("input[name=phone]").fill("0912 345 678");
    await page.locator("textarea[name=matter]").fill("Bồi thường đất ở thôn Nà Món");
    await page.locator("input[name=need_interpreter]").check();
    await page.getByRole("button", { name: "Đặt lịch hẹn" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã đặt lịch hẹn");
    const code = (await page.locator(".code-big").innerText()).replace(/\s+/g, " ").trim();
    await shot(page, "reception-3-receipt");
    await axe(page);
    await page.goto(`${server.url}/tiep-dan/lich-hen`);
    await page.locator("input[name=code]").fill(code);
    await page.getByRole("button", { name: "Xem lịch hẹn" }).click();
    await expect(page.locator(".receipt")).toContainText(/\d+\/\d+\/\d+/);

    await server.daysAhead(daysUntil(day));
    const desk = await (await browser.newContext({ viewport: page.viewportSize(), javaScriptEnabled: info.project.use.javaScriptEnabled ?? true })).newPage();
    await signInAs(desk, "tiepnhan.phuthong", server.url);
    await desk.goto(`${server.url}/can-bo/tiep-dan`);
    await shot(desk, "reception-4-schedule");
    await axe(desk);
    await desk.locator("#thang tbody tr", { hasText: "Hôm nay" }).filter({ hasText: "Định kỳ" }).locator("a").first().click();
    const booked = desk.locator("#hen tbody tr", { hasText: "Lý Văn Sính" });
    await expect(booked).toContainText("phiên dịch");
    await shot(desk, "reception-5-session");
    await axe(desk);
    await booked.getByRole("link", { name: "Ghi vào sổ" }).click();
    await expect(desk.locator("input[name=name]")).toHaveValue("Lý Văn Sính");
    await desk.locator("input[name=address]").fill("thôn Nà Món");
    await desk.locator("select[name=kind]").selectOption("recommendation");
    await desk.locator("select[name=case_mode]").selectOption("new");
    await desk.locator("input[name=title]").fill("Bồi thường đất ở thôn Nà Món");
    await desk.locator("select[name=area]").selectOption("01969");
    await shot(desk, "reception-6-visit");
    await axe(desk);
    await desk.getByRole("button", { name: "Ghi vào sổ" }).click();
    await expect(desk.locator("#errors")).toContainText("Đọc lại cho người dân nghe");
    await desk.locator("input[name=is_read_back]").check();
    await desk.getByRole("button", { name: "Ghi vào sổ" }).click();
    await expect(desk.getByRole("heading", { level: 1 })).toHaveText("Đã ghi đơn cho người dân");
    await shot(desk, "reception-7-filed");
    await desk.getByRole("link", { name: "Về sổ của buổi tiếp" }).click();
    await desk.locator("select[name=held_by]").selectOption("head");
    await desk.getByRole("button", { name: "Ghi đã tiếp" }).click();
    await expect(desk.locator(".clock").first()).toHaveText("Người đứng đầu đã tiếp");
    await desk.goto(`${server.url}/can-bo/tiep-dan/so`);
    await expect(desk.locator(".register thead tr").first().locator("th")).toHaveCount(13);
    await expect(desk.locator(".register tbody")).toContainText("Lý Văn Sính");
    await shot(desk, "reception-8-register");
    await axe(desk);
    await desk.goto(`${server.url}/can-bo/tiep-dan/lap-lich`);
    await shot(desk, "reception-9-plan");
    await axe(desk);
    await desk.context().close();

    await page.goto(`${server.url}${number}`);
    await expect(page.locator(".clock").first()).toHaveText("Người đứng đầu đã tiếp");
    await page.getByRole("link", { name: /Ủy ban nhân dân xã Phủ Thông/ }).click();
    await expect(page.locator("#ky tbody")).toContainText("Người đứng đầu đã tiếp");
    await shot(page, "reception-10-proof");
    await axe(page);
    await page.goto(`${server.url}/tiep-dan/da-tiep`);
    await expect(page.locator("tbody")).toContainText("Phủ Thông");
    await shot(page, "reception-11-proof-all");
    await axe(page);
  } finally {
    await server.stop();
  }
});
