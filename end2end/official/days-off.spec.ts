// A day off that is announced late: the province's administrator enters it, open cases get a later last day, and it says why.
import { Server } from "../lib/server";
import { signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

test("a new day off moves the open cases and is recorded with its reason", async ({ page, shot, axe }) => {
  const server = await Server.start();
  try {
    await signInAs(page, "quantri.tinh", server.url);
    await page.goto(`${server.url}/can-bo/lich-nghi`);
    await axe(page);
    await shot(page, "days-off");
    // A day within the clocks that run now: the next plain weekday that is not tomorrow.
    for (let ahead = 2; ; ahead++) {
      const day = new Date(Date.now() + ahead * 24 * 3600 * 1000);
      if (day.getUTCDay() === 0 || day.getUTCDay() === 6) continue;
      await page.goto(`${server.url}/can-bo/lich-nghi?ngay=${day.toISOString().slice(0, 10)}`);
      if ((await page.getByLabel("Tên ngày").inputValue()) === "") break;
    }
    await page.getByRole("button", { name: "Lưu ngày này" }).click();
    await expect(page.locator("#errors li")).toHaveCount(4);
    await page.getByLabel("Tên ngày").fill("Nghỉ bão");
    await page.getByLabel("Loại").selectOption("swap_off");
    await page.getByLabel("Mức chắc chắn").selectOption("confirmed");
    await page.getByLabel("Văn bản căn cứ").fill("Công điện số 1");
    await page.getByRole("button", { name: "Lưu ngày này" }).click();
    await expect(page.locator("#thay-doi li")).toContainText("thành “Nghỉ bão");
    await expect(async () => {
      await page.reload();
      await expect(page.locator("#thay-doi li")).toContainText(/[1-9][0-9]* đơn được dời ngày cuối/, { timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
    await axe(page);
    await shot(page, "days-off-changed");
    await page.goto(`${server.url}/thoi-han`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  } finally {
    await server.stop();
  }
});
