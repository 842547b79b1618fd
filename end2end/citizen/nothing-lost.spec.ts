// What may go wrong on the way, and must not cost a word.
import { Server } from "../lib/server";
import { fillIn, follow, send } from "../lib/steps";
import { expect, test } from "../lib/test";

const petition = { kind: "report", title: "Đèn đường tổ 5 không sáng", body: "Ba đêm nay tối om.", name: "", photos: 0 };

test("the server is killed right after the receipt was shown, and the case is there", async ({ page }) => {
  const server = await Server.start({ NGHEDAN_DEMO_CASES: "0" });
  try {
    await page.goto(`${server.url}/gui`);
    await page.locator("input[name=kind][value=report]").check();
    await page.locator("input[name=title]").fill(petition.title);
    await page.locator("textarea[name=body]").fill(petition.body);
    await page.getByRole("button", { name: "Tiếp tục" }).last().click();
    await page.locator("select[name=area]").selectOption("01969");
    await page.getByRole("button", { name: "Tiếp tục" }).last().click();
    const code = await send(page);
    await server.kill9();
    await server.restart();
    await page.goto(`${server.url}/gui/da-gui`);
    expect((await page.locator(".code-big").innerText()).replace(/\s+/g, " ").trim()).toBe(code);
    await page.goto(`${server.url}/tra-cuu`);
    await page.locator("input[name=code]").fill(code);
    await page.getByRole("button", { name: "Mở đơn" }).click();
    await expect(page.getByText(petition.title).first()).toBeVisible();
  } finally {
    await server.stop();
  }
});

test("the title left out: the page says what to do and keeps the rest", async ({ page, shot, axe }) => {
  await page.goto("/gui");
  await page.locator("input[name=kind][value=recommendation]").check();
  await page.locator("textarea[name=body]").fill("Nên mở thêm lớp buổi chiều.");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page.locator(".summary-errors a").first()).toBeVisible();
  await expect(page.locator("textarea[name=body]")).toHaveValue("Nên mở thêm lớp buổi chiều.");
  await expect(page.locator("input[name=kind][value=recommendation]")).toBeChecked();
  await shot(page, "10-title-left-out");
  await axe(page);
});

test("a draft comes back on the same device after the browser was closed", async ({ page, context }) => {
  await page.goto("/gui");
  await page.locator("input[name=kind][value=report]").check();
  await page.locator("input[name=title]").fill("Bãi rác cạnh chợ");
  await page.locator("textarea[name=body]").fill("Mùi hôi cả ngày.");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page).toHaveURL(/o-dau/);
  await page.close();
  const again = await context.newPage();
  await again.goto("/gui");
  await expect(again.locator("input[name=title]")).toHaveValue("Bãi rác cạnh chợ");
});

test("pressing send twice files once", async ({ page }) => {
  await fillIn(page, { ...petition, title: "Bấm gửi hai lần" });
  await page.getByRole("button", { name: "Gửi đơn" }).last().dblclick();
  await expect(page).toHaveURL(/\/gui\/da-gui$/);
  const code = (await page.locator(".code-big").innerText()).replace(/\s+/g, " ").trim();
  await page.goBack();
  await page.goto("/gui/da-gui");
  expect((await page.locator(".code-big").innerText()).replace(/\s+/g, " ").trim()).toBe(code);
  await follow(page, code);
});

test("a code with one wrong sign opens nothing and stays in the field", async ({ page, shot, axe }) => {
  await fillIn(page, { ...petition, title: "Mã sai một chữ" });
  const code = await send(page);
  const wrong = (code.startsWith("K") ? "M" : "K") + code.slice(1);
  await page.goto("/tra-cuu");
  await page.locator("input[name=code]").fill(wrong);
  await page.getByRole("button", { name: "Mở đơn" }).click();
  await expect(page.locator(".err").first()).toBeVisible();
  expect((await page.locator("input[name=code]").inputValue()).replace(/\s+/g, "")).toBe(wrong.replace(/\s+/g, ""));
  await shot(page, "11-wrong-code");
  await axe(page);
});

test("somebody who knows only the old name of the commune finds the new one", async ({ page, shot, axe }) => {
  await page.goto("/gui");
  await page.locator("input[name=kind][value=report]").check();
  await page.locator("input[name=title]").fill(petition.title);
  await page.locator("textarea[name=body]").fill(petition.body);
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await page.locator("input[name=place]").fill("gần chợ cũ");
  await page.getByText("Chỉ nhớ tên xã cũ?").click();
  await page.locator("input[name=old_area]").fill("vi huong");
  await page.getByRole("button", { name: "Tìm tên mới" }).click();
  await expect(page.getByRole("button", { name: /Xã Phủ Thông/ })).toBeVisible();
  await axe(page);
  await shot(page, "old-name");
  await page.getByRole("button", { name: /Xã Phủ Thông/ }).click();
  await expect(page.locator("select[name=area]")).toHaveValue("01969");
  await expect(page.locator("input[name=place]")).toHaveValue("gần chợ cũ");
  // The Enter key goes on; it does not look for names.
  await page.locator("input[name=place]").press("Enter");
  await expect(page).toHaveURL(/\/gui\/kiem-tra$/);
});
