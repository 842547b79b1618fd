// The officials' day: two on one case, and the keyboard.
import { fillIn, openCase, send, signIn, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

test("two officials on one case: the second is told and loses nothing", async ({ browser, page, server, viewport, shot, axe }, info) => {
  test.setTimeout(120_000);
  const title = `Hai người một đơn ${info.project.name.replace(/-/g, " ")}`;
  await fillIn(page, { kind: "report", title, body: "Nước chảy tràn ra đường.", name: "", photos: 0 });
  await send(page);
  const open = async (who: string) => {
    const context = await browser.newContext({ baseURL: server.url, viewport, javaScriptEnabled: info.project.use.javaScriptEnabled ?? true });
    const desk = await context.newPage();
    await signIn(desk, who);
    await openCase(desk, title);
    return desk;
  };
  const first = await open("tiepnhan");
  await first.getByRole("button", { name: "Tiếp nhận" }).click();
  await expect(first.locator(".flash")).toBeVisible();
  const second = await open("lanhdao");
  await first.reload();
  await unfold(first, "ghi-chu");
  await first.locator("textarea[name=note]").fill("Tôi đang xem đơn này.");
  await first.locator("#buoc-ghi-chu").getByRole("button").last().click();
  await expect(first.locator(".flash")).toContainText("Đã ghi chú");
  await unfold(second, "ghi-chu");
  await second.locator("textarea[name=note]").fill("Ghi chú của người thứ hai, không được mất.");
  await second.locator("#buoc-ghi-chu").getByRole("button").last().click();
  await expect(second.getByText("Có người vừa làm một bước khác").first()).toBeVisible();
  await expect(second.locator("textarea[name=note]")).toHaveValue("Ghi chú của người thứ hai, không được mất.");
  await shot(second, "12-conflict");
  await axe(second);
  await second.locator("#buoc-ghi-chu").getByRole("button").last().click();
  await expect(second.locator(".flash")).toContainText("Đã ghi chú");
});

test("the queue is used by keyboard", async ({ page, withScripts, shot, axe }) => {
  await signIn(page, "tiepnhan");
  await expect(page.locator(".queue a.item")).not.toHaveCount(0);
  await shot(page, "13-queue");
  await axe(page);
  const items = page.locator(".queue a.item");
  if (withScripts) {
    // j is an island's comfort: it may come a moment after the page.
    await expect(async () => {
      await page.keyboard.press("j");
      await expect(page.locator(".queue a.item:focus")).toHaveCount(1, { timeout: 500 });
    }).toPass();
  } else {
    await items.first().focus();
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/can-bo\/don\//);
});
