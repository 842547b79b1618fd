// Somebody registers for a dialogue, another one waits and moves up, both are found at the door; the door's phone loses its line and what was
// pressed is kept, shown and sent once.
import type { Page } from "@playwright/test";

import { Server } from "../lib/server";
import { desk, signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

/** Days from today to "…, thứ Ba, 8/12/2026". */
function daysUntil(words: string): number {
  const [, day, month, year] = /(\d+)\/(\d+)\/(\d+)/.exec(words) ?? [];
  const vietnam = new Date(Date.now() + 7 * 3_600_000);
  const today = Date.UTC(vietnam.getUTCFullYear(), vietnam.getUTCMonth(), vietnam.getUTCDate());
  return Math.round((Date.UTC(Number(year), Number(month) - 1, Number(day)) - today) / 86_400_000);
}

async function fillIn(page: Page, name: string, phone: string, people: string): Promise<void> {
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=place]").fill("thôn Nà Bó");
  await page.locator("input[name=phone]").fill(phone);
  await page.locator("select[name=people]").selectOption(people);
  await page.locator("input[name=consent]").check();
}

/** What the portal has counted: "walk 2\n3 1\n". */
async function counted(page: Page, door: string): Promise<string> {
  return (await page.request.get(`${door}?so`)).text();
}

test("a place is registered, waited for, given back, found at the door and counted without a line", async ({ page, browser, shot, axe, withScripts }, info) => {
  test.setTimeout(240_000);
  const portal = await Server.start();
  try {
    // The next dialogue of the demo is full: whoever registers waits.
    await page.goto(`${portal.url}/doi-thoai`);
    await page.getByRole("link", { name: "Chăn nuôi, nước thải và mùi hôi" }).click();
    await expect(page.locator("#dang-ky .figures")).toContainText("40");
    await shot(page, "attendance-0-public");
    await axe(page);
    await page.getByRole("link", { name: "Đăng ký chỗ" }).click();
    await expect(page.locator("main")).toContainText("Đã hết chỗ");
    await page.locator("input[name=name]").fill("Lý Văn Sính");
    await page.locator("input[name=need_tay]").check();
    await page.getByRole("button", { name: "Đăng ký", exact: true }).click();
    await expect(page.locator("#errors li")).toHaveCount(3);
    await expect(page.locator("input[name=name]")).toHaveValue("Lý Văn Sính");
    await expect(page.locator("input[name=need_tay]")).toBeChecked();
    await shot(page, "attendance-1-wrong");
    await axe(page);
    await fillIn(page, "Lý Văn Sính", "0912 345 678", "1");
    await page.getByRole("button", { name: "Đăng ký", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã đăng ký");
    await expect(page.locator(".receipt .clock")).toContainText("Danh sách chờ, thứ");
    await shot(page, "attendance-2-waiting");
    await axe(page);

    // Seats are added: everybody who fits moves up.
    const office = await desk(browser, info, portal.url, "tiepnhan.phuthong");
    await office.goto("/can-bo/doi-thoai");
    await office.getByRole("link", { name: "Chăn nuôi, nước thải và mùi hôi" }).click();
    const place = new URL(office.url()).pathname;
    await office.locator("summary", { hasText: "Đặt số chỗ và việc đăng ký" }).click();
    await office.locator("input[name=seats]").fill("30");
    await office.locator("#cho-ngoi").getByRole("button", { name: "Lưu" }).click();
    await expect(office.locator("#errors")).toContainText("không đặt ít hơn số đó được");
    await office.locator("input[name=seats]").fill("80");
    await shot(office, "attendance-3-settings");
    await axe(office);
    await office.locator("#cho-ngoi").getByRole("button", { name: "Lưu" }).click();
    await expect(office.locator(".flash")).toContainText("Đã lưu chỗ ngồi");
    await page.reload();
    await expect(page.locator(".receipt .clock")).toHaveText("Bạn đã có chỗ");
    const code = (await page.locator(".code-big").innerText()).replace(/\s+/g, " ").trim();
    await shot(page, "attendance-4-receipt");

    await office.goto(`${place}/dang-ky`);
    await expect(office.locator("#goi")).toContainText("Lý Văn Sính");
    await expect(office.locator("#can")).toContainText("phiên dịch tiếng Tày");
    await shot(office, "attendance-5-list");
    await axe(office);
    await office.locator("#goi li", { hasText: "Lý Văn Sính" }).getByRole("button", { name: "Đã báo" }).click();
    await expect(office.locator("#goi").getByText("Lý Văn Sính")).toHaveCount(0);
    await office.goto(`${place}/dang-ky-ho`);
    await office.locator("input[name=name]").fill("Bàn Mùi Nái");
    await office.locator("input[name=place]").fill("thôn Khuổi Sla");
    await office.locator("select[name=people]").selectOption("2");
    await axe(office);
    await office.getByRole("button", { name: "Đăng ký và in phiếu" }).click();
    const slip = (await office.locator(".code-big").innerText()).replace(/\s+/g, " ").trim();
    expect(slip).not.toBe(code);
    await shot(office, "attendance-6-slip");
    await axe(office);
    await office.context().close();

    // By the code on any device: the needs change.
    const other = await browser.newContext({ viewport: page.viewportSize(), javaScriptEnabled: info.project.use.javaScriptEnabled ?? true });
    const mine = await other.newPage();
    if (withScripts) {
      await mine.goto(`${portal.url}/can-bo/doi-thoai/quet#${code.replace(/ /g, "")}`);
    } else {
      await mine.goto(`${portal.url}/can-bo/doi-thoai/quet`);
      await expect(mine).toHaveURL(/\/doi-thoai\/dang-ky$/);
      await axe(mine);
      await mine.locator("input[name=code]").fill(code);
      await mine.getByRole("button", { name: "Xem chỗ của tôi" }).click();
    }
    await expect(mine.locator(".receipt .clock")).toHaveText("Bạn đã có chỗ");
    await mine.locator("summary", { hasText: "Sửa điều cần hỗ trợ" }).click();
    await mine.locator("input[name=need_wheelchair]").check();
    await axe(mine);
    await mine.getByRole("button", { name: "Lưu" }).click();
    await expect(mine.locator(".flash")).toContainText("Đã lưu");
    await other.close();

    const when = await page.locator(".receipt").innerText();
    await portal.daysAhead(daysUntil(when));
    const phone = await browser.newContext({
      baseURL: portal.url,
      viewport: { width: 360, height: 740 },
      javaScriptEnabled: info.project.use.javaScriptEnabled ?? true,
    });
    const watcher = await phone.newPage();
    await signInAs(watcher, "tiepnhan.phuthong");
    const door = `${portal.url}${place}/vao-cua`;
    await watcher.goto(door);
    await shot(watcher, "attendance-7-door");
    await axe(watcher);
    const row = (name: string) => watcher.locator("#ds > li", { hasText: name });
    await row("Lý Văn Sính").getByRole("button", { name: "Đã đến" }).click();
    await expect(row("Lý Văn Sính").getByRole("button", { name: "Bỏ đếm" })).toBeVisible();
    await expect.poll(() => counted(watcher, door)).toMatch(/^walk 0\n\d+ 1\n$/);

    if (withScripts) {
      await phone.setOffline(true);
      await watcher.locator("#tim").pressSequentially("ban mui nai");
      await expect(watcher.locator("#ds > li:visible")).toHaveCount(1);
      await row("Bàn Mùi Nái").getByRole("button", { name: "Đã đến" }).click();
      await watcher.locator("#tim").fill("");
      await watcher.getByRole("button", { name: "Thêm 1" }).click();
      await watcher.getByRole("button", { name: "Thêm 1" }).click();
      await expect(watcher.locator("#chua-gui")).toContainText("Chưa gửi: 3");
      await expect(watcher.locator("#da-den")).toHaveText("5");
      await expect(row("Bàn Mùi Nái")).toHaveClass("came");
      await shot(watcher, "attendance-8-no-line");
      await axe(watcher);
      // The page is lost with the battery; the presses are not.
      await watcher.close();
      await phone.setOffline(false);
      const again = await phone.newPage();
      await again.goto(door);
      await expect(again.locator("#chua-gui")).toBeHidden();
      await expect(again.locator("#da-den")).toHaveText("5");
      await expect.poll(() => counted(again, door)).toMatch(/^walk 2\n\d+ 1\n\d+ 2\n$/);

      // The line drops after the portal has counted and before it could say so: sent again, it counts once.
      let isLost = true;
      await again.route(`${door}`, async (route) => {
        if (route.request().method() !== "POST" || !isLost) return route.continue();
        isLost = false;
        await route.fetch();
        await route.abort("internetdisconnected");
      });
      await again.getByRole("button", { name: "Thêm 1" }).click();
      await expect(again.locator("#chua-gui")).toContainText("Chưa gửi: 1");
      await expect(again.locator("#chua-gui")).toBeHidden();
      await expect(again.locator("#da-den")).toHaveText("6");
      expect(await counted(again, door)).toMatch(/^walk 3\n/);
      // And a code scanned by whoever is signed in opens the registration.
      await again.goto(`${portal.url}/can-bo/doi-thoai/quet#${slip.replace(/ /g, "")}`);
      await expect(again.getByRole("heading", { level: 1 })).toHaveText("Bàn Mùi Nái");
      await expect(again.locator("main")).toContainText("Đã đến: 2");
      await axe(again);
    } else {
      await watcher.getByRole("button", { name: "Thêm 1" }).click();
      await expect(watcher.locator("#khach")).toHaveText("1");
      await watcher.goto(`${portal.url}/can-bo/doi-thoai/quet`);
      await axe(watcher);
      await watcher.locator("input[name=code]").fill(slip);
      await watcher.getByRole("button", { name: "Mở", exact: true }).click();
      await expect(watcher.getByRole("heading", { level: 1 })).toHaveText("Bàn Mùi Nái");
      await shot(watcher, "attendance-9-one");
      await axe(watcher);
      await watcher.locator("select[name=arrived]").selectOption("1");
      await watcher.getByRole("button", { name: "Đã đến" }).click();
      await expect(watcher.locator("#da-den")).toHaveText("3");
    }
    await phone.close();
  } finally {
    await portal.stop();
  }
});
