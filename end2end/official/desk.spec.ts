// The officials' day: two on one case, and the keyboard.
import { fillIn, follow, openCase, send, signIn, signInAs, unfold } from "../lib/steps";
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

test("another authority is asked for its opinion, reads the words and not who wrote them, and answers", async ({ browser, page, server, viewport, shot, axe }, info) => {
  test.setTimeout(120_000);
  const where = info.project.name.replace(/-/g, " ");
  const title = `Cống chung hai xã ${where}`;
  const name = "Hoàng Thị Mẫu";
  await fillIn(page, { kind: "report", title, body: "Nước từ xã bên tràn sang.", name, photos: 0 });
  const code = await send(page);
  await signIn(page, "tiepnhan");
  await openCase(page, title);
  await page.getByRole("button", { name: "Tiếp nhận" }).click();
  await page.getByRole("link", { name: "Nhờ nơi khác cho ý kiến" }).click();
  // Nothing chosen: told, and what was typed stays.
  await page.locator("textarea[name=question]").fill(`Cống này xã nào quản lý? ${where}`);
  await page.getByRole("button", { name: "Gửi câu hỏi" }).click();
  await expect(page.locator("#errors")).toContainText("Hãy chọn nơi được nhờ.");
  await expect(page.locator("textarea[name=question]")).toHaveValue(`Cống này xã nào quản lý? ${where}`);
  await shot(page, "14-ask");
  await axe(page);
  await page.locator("select[name=asked_agency]").selectOption({ label: "Ủy ban nhân dân xã Chợ Đồn" });
  await page.getByRole("button", { name: "Gửi câu hỏi" }).click();
  await expect(page.locator("main .card").first()).toContainText("chờ ý kiến đến");
  await shot(page, "15-asked");
  await axe(page);

  const context = await browser.newContext({ baseURL: server.url, viewport, javaScriptEnabled: info.project.use.javaScriptEnabled ?? true });
  const there = await context.newPage();
  await signInAs(there, "lanhdao.chodon");
  await there.locator("#cho-y-kien a").click();
  await axe(there);
  await shot(there, "16-questions");
  // Earlier journeys may have asked, too: theirs is found by its own words.
  const addresses = await there.locator("tbody a").evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  for (const address of addresses) {
    await there.goto(address);
    if ((await there.locator("main").innerText()).includes(title)) break;
  }
  await expect(there.locator("main")).toContainText(title);
  await expect(there.locator("main")).not.toContainText(name);
  await shot(there, "17-question");
  await axe(there);
  await there.locator("textarea[name=opinion]").fill("Xã chúng tôi quản lý, tuần sau nạo vét.");
  await there.getByRole("button", { name: "Gửi ý kiến" }).click();
  await expect(there.locator(".flash")).toContainText("Đã gửi ý kiến");
  await context.close();

  await openCase(page, title);
  await expect(page.locator("#phoi-hop")).toContainText("đã cho ý kiến ngày");
  await page.getByRole("link", { name: "Xem ý kiến, nhờ thêm nơi khác" }).click();
  await expect(page.locator("main")).toContainText("Xã chúng tôi quản lý, tuần sau nạo vét.");
  await shot(page, "18-opinion");
  await page.context().clearCookies();
  await follow(page, code);
  await expect(page.locator("main")).toContainText("đã nhờ Ủy ban nhân dân xã Chợ Đồn cho ý kiến");
  await expect(page.locator("main")).not.toContainText("tuần sau nạo vét");
});
