// A citizen finds that a matter is reported already, joins it with a code of their own, follows it and leaves again.
import { expect, test } from "../lib/test";

/** A released report of the demo that can be joined: its address, its title, its commune. */
async function joinable(page: import("@playwright/test").Page): Promise<{ address: string; title: string; area: string }> {
  await page.goto("/cong-khai?loai=phan-anh&tinh-trang=dang-giai-quyet");
  const link = page.locator(".list-cases h3 a").first();
  const title = (await link.innerText()).trim();
  await link.click();
  await expect(page).toHaveURL(/\/cong-khai\/\d+$/);
  const area = /dia-ban=(\d+)/.exec((await page.locator(".case-facts a[href*=dia-ban]").getAttribute("href")) ?? "")?.[1] ?? "";
  return { address: new URL(page.url()).pathname, title, area };
}

test("joining a released report, following it by an own code, leaving again", async ({ page, shot, axe }) => {
  const { address, title } = await joinable(page);
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

test("before sending, what is reported already is shown and keeps nobody from sending", async ({ page, shot, axe, withScripts }) => {
  const { title, address, area } = await joinable(page);
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
  await page.locator("select[name=area]").selectOption(area);
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page).toHaveURL(/\/gui\/kiem-tra$/);
  await expect(page.locator(".alike")).toContainText("Có thể việc này đã được phản ánh");
  await shot(page, "alike-1-check");
  await axe(page);
  await page.getByRole("button", { name: "Gửi đơn" }).last().click();
  await expect(page).toHaveURL(/\/gui\/da-gui$/);
});
