// What everybody can open: each page in both languages, readable, reachable, without a barrier.
import { expect, test } from "../lib/test";

const PAGES = ["/", "/cong-khai", "/co-quan", "/loi-hua", "/loi-hua/giu-loi", "/doi-thoai", "/doi-thoai/1", "/doi-thoai/theo-co-quan", "/huong-dan", "/thoi-han", "/rieng-tu", "/dau-so", "/gui", "/tra-cuu", "/dang-nhap", "/khong-co-trang-nay"];

for (const path of PAGES) {
  test(`${path} reads well in both languages`, async ({ page, shot, axe }) => {
    for (const [lang, address] of [["vi", path], ["en", path === "/" ? "/en" : `/en${path}`]] as const) {
      const response = await page.goto(address);
      expect(response?.status()).toBe(path === "/khong-co-trang-nay" ? 404 : 200);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      const overflow = await page.locator("body").evaluate((body) => body.scrollWidth - body.clientWidth).catch(() => 0);
      expect(overflow, "nothing sticks out sideways").toBeLessThanOrEqual(0);
      await axe(page);
      await shot(page, `page${path.replace(/\//g, "_")}-${lang}`);
    }
  });
}

test("from the register to a case and back", async ({ page, shot, axe }) => {
  await page.goto("/cong-khai");
  const first = page.locator(".list-cases h3 a").first();
  const title = await first.innerText();
  await first.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await axe(page);
  await shot(page, "public-case");
  await page.goBack();
  await expect(page.locator(".list-cases h3 a").first()).toHaveText(title);
});

test("the search finds words with and without marks", async ({ page }) => {
  for (const words of ["đường", "duong"]) {
    await page.goto("/cong-khai");
    await page.locator("input[name=q]").first().fill(words);
    await page.locator("input[name=q]").first().press("Enter");
    await expect(page.locator(".list-cases li")).not.toHaveCount(0);
  }
});

test("the way to the content is the first stop of the keyboard", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.locator("a.skip")).toBeFocused();
});

test("anybody computes a deadline and sees how it comes about", async ({ page, shot, axe }) => {
  await page.goto("/thoi-han");
  await page.getByRole("button", { name: "Tính ngày cuối" }).click();
  await expect(page.locator("#errors li")).toHaveCount(2);
  await page.getByLabel("Việc cần làm").selectOption("K2");
  await page.getByLabel("Ngày làm mốc").fill("2026-08-24");
  await page.getByLabel("Ngày làm mốc").press("Enter");
  await expect(page.locator(".next .day")).toHaveText("thứ Hai, 7/9/2026");
  await expect(page.locator(".next li", { hasText: "31/8/2026" })).toHaveCount(1);
  await axe(page);
  await shot(page, "deadline");
  // What is wrong is said at its field, and the rest stays.
  await page.goto("/thoi-han?quy-tac=K2&tu-ngay=2012-01-01");
  await expect(page.locator("#errors a")).toHaveAttribute("href", "#tu-ngay");
  await expect(page.getByLabel("Việc cần làm")).toHaveValue("K2");
  await shot(page, "deadline-refused");
});
