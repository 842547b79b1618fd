// A legal period changes: the province's administrator enters the new version, sees which clocks it would move, and saves it.
import { Server } from "../lib/server";
import { signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

test("a changed period is shown before it is saved, and moves the open cases", async ({ page, shot, axe }) => {
  const server = await Server.start();
  try {
    await signInAs(page, "quantri.tinh", server.url);
    await page.goto(`${server.url}/can-bo/thoi-han`);
    await axe(page);
    await shot(page, "periods");
    await page.getByRole("link", { name: /^R1 – / }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("R1");
    await page.getByLabel("Thời hạn", { exact: true }).fill("0");
    await page.getByRole("button", { name: "Xem trước ảnh hưởng" }).click();
    await expect(page.locator("#errors li")).toHaveCount(3);
    await shot(page, "periods-wrong");
    await page.getByLabel("Áp dụng từ ngày").fill("2026-01-01");
    await page.getByLabel("Thời hạn", { exact: true }).fill("15");
    await page.getByLabel("Văn bản căn cứ").fill("Luật số 99/2026/QH16, Điều 5");
    await page.getByRole("button", { name: "Xem trước ảnh hưởng" }).click();
    await expect(page.locator("#xem-truoc")).toContainText(/[1-9][0-9.]* thời hạn đang chạy được dời/);
    await axe(page);
    await shot(page, "periods-forecast");
    await page.getByRole("button", { name: "Lưu thay đổi này" }).click();
    await expect(page.locator("#thay-doi li").first()).toContainText("R1: ");
    await expect(async () => {
      await page.reload();
      await expect(page.locator("#thay-doi li").first()).toContainText(/[1-9][0-9.]* đơn được dời ngày cuối/, { timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
    await page.getByRole("link", { name: /^R1 – / }).click();
    await axe(page);
    await shot(page, "periods-changed");
  } finally {
    await server.stop();
  }
});

test("anybody sees the month and what before a day means", async ({ page, shot, axe }) => {
  await page.goto("/thoi-han?thang=2026-11&truoc-ngay=2026-11-30");
  await expect(page.locator(".before-answer")).toContainText("29/11/2026");
  await expect(page.locator(".cal caption")).toHaveText("Tháng 11/2026");
  await expect(page.locator(".cal tbody tr").first().locator("td").last()).toContainText("1");
  await axe(page);
  await shot(page, "month");
  await page.getByRole("link", { name: "Tháng trước" }).click();
  await expect(page.locator(".cal caption")).toHaveText("Tháng 10/2026");
});

test("what citizens say stands with its counts, for the public and for leaders", async ({ page, server, shot, axe }) => {
  await page.goto("/danh-gia");
  await expect(page.locator("tbody tr").first()).toContainText(/\d trong \d/);
  await axe(page);
  await shot(page, "ratings");
  await signInAs(page, "lanhdao.phuthong", server.url);
  await page.goto(`${server.url}/can-bo/danh-gia`);
  await axe(page);
  await shot(page, "ratings-desk");
});
