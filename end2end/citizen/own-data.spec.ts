// A citizen takes away, corrects and asks to delete what is held about them; officials answer, hold a case back, and see what would be deleted.
import { readFile } from "node:fs/promises";

import { desk, fillIn, follow, openCase, send } from "../lib/steps";
import { expect, test } from "../lib/test";

const NAME = "Hoàng Thị Mẫu";

test("own data: taken away with more than the code, corrected by an official, held back from deletion", async ({ page, browser, shot, axe, server }, info) => {
  const title = `Đền bù đất Nà Món ${info.project.name} ${Date.now()}`;
  await fillIn(page, { kind: "complaint", title, body: `${title}. Tôi không đồng ý với quyết định.`, name: NAME, photos: 1 });
  const code = await send(page);
  await page.context().clearCookies();
  await follow(page, code);
  await page.getByRole("link", { name: "Dữ liệu của bạn" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Dữ liệu của bạn");
  await expect(page.locator("main")).not.toContainText(NAME);
  await axe(page);
  await shot(page, "own-data-1");

  // The code alone opens nothing.
  await page.locator("form[action$='/tai'] input[name=proof]").fill("Ai đó");
  await page.getByRole("button", { name: "Tải dữ liệu của tôi" }).click();
  await expect(page.locator("#errors")).toContainText("Chưa đúng với thông tin đã ghi");
  await axe(page);
  await page.locator("form[action$='/tai'] input[name=proof]").fill("hoang thi mau");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Tải dữ liệu của tôi" }).click()]);
  expect(download.suggestedFilename()).toBe("du-lieu.zip");
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 2).toString()).toBe("PK");
  expect(bytes.includes("giay-to/1.jpg")).toBe(true);

  // A complainant's name waits for an official; nothing typed is lost over a mistake.
  await page.goto("/tra-cuu/du-lieu");
  await page.locator("#sua > summary").click();
  await page.locator("#sua input[name=name]").fill("Hoàng Thị Mẫn");
  await page.locator("#sua input[name=phone]").fill("12");
  await page.locator("#sua input[name=proof]").fill(NAME);
  await page.getByRole("button", { name: "Sửa", exact: true }).click();
  await expect(page.locator("#errors")).toContainText("Số điện thoại chưa đúng");
  await expect(page.locator("#sua input[name=name]")).toHaveValue("Hoàng Thị Mẫn");
  await shot(page, "own-data-2-wrong");
  await page.locator("#sua input[name=phone]").fill("0987 654 321");
  await page.getByRole("button", { name: "Sửa", exact: true }).click();
  await expect(page.locator(".flash")).toContainText("Đã nhận");
  await expect(page.locator("#yeu-cau")).toContainText("Cán bộ trả lời chậm nhất");

  await page.locator("#xoa > summary").click();
  await page.locator("#xoa input[value=person]").check();
  await page.locator("#xoa input[name=proof]").fill(NAME);
  await page.locator("#xoa input[name=sure]").check();
  await page.getByRole("button", { name: "Gửi yêu cầu xóa" }).click();
  await expect(page.locator(".flash")).toContainText("Đã nhận yêu cầu xóa");
  await axe(page);
  await shot(page, "own-data-3-waits");

  // An official looks at the values, which the sender sees, and puts them right.
  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  await openCase(intake, title, "tat-ca");
  await expect(intake.locator("#luu-giu")).toContainText("phải trả lời trước hết ngày");
  await intake.locator("#luu-giu").getByRole("link", { name: /Xin sửa dữ liệu/ }).click();
  await expect(intake.locator("main")).not.toContainText("Hoàng Thị Mẫn");
  await intake.getByRole("button", { name: "Xem dữ liệu xin sửa" }).click();
  await expect(intake.locator("#gia-tri")).toContainText("Hoàng Thị Mẫn");
  await axe(intake);
  await shot(intake, "own-data-4-values");
  await intake.locator("input[name=decision][value=grant]").check();
  await intake.getByRole("button", { name: "Gửi trả lời" }).click();
  await expect(intake.locator("main")).toContainText("Đã làm ngày");

  // The head holds the case back; the deletion is answered with that and nothing else.
  const head = await desk(browser, info, server.url, "lanhdao.phuthong");
  await openCase(head, title, "tat-ca");
  await head.getByRole("link", { name: "Giữ lại, thôi giữ" }).click();
  await axe(head);
  await head.locator("textarea[name=reason]").fill("Tòa án đã thụ lý vụ án số 12");
  await head.getByRole("button", { name: "Giữ lại" }).click();
  await expect(head.locator("main")).toContainText("Đang giữ lại theo yêu cầu pháp lý");
  await shot(head, "own-data-5-hold");
  await intake.goto("/can-bo/du-lieu");
  await axe(intake);
  await shot(intake, "own-data-6-list");
  await openCase(intake, title, "tat-ca");
  await intake.locator("#luu-giu").getByRole("link", { name: /Xin xóa/ }).click();
  await expect(intake.locator("input[name=decision]")).toHaveCount(1);
  await intake.locator("input[name=decision][value=refuse]").check();
  await shot(intake, "own-data-7-held");
  await intake.getByRole("button", { name: "Gửi trả lời" }).click();
  await page.reload();
  await expect(page.locator("#yeu-cau")).toContainText("đang được giữ lại theo yêu cầu pháp lý");
  await expect(page.locator("main")).not.toContainText("Tòa án");
  await shot(page, "own-data-8-answered");

  // What is kept how long, for everybody and for whoever deletes.
  await page.goto("/rieng-tu#luu-giu");
  await expect(page.locator("#luu-giu")).toContainText("15 năm sau khi đơn đã xong");
  await axe(page);
  await shot(page, "kept-public");
  const keeper = await desk(browser, info, server.url, "quantri.tinh");
  await keeper.goto("/can-bo/luu-giu");
  await keeper.getByRole("button", { name: "Xem sẽ xóa gì" }).click();
  await expect(keeper.locator(".flash")).toBeVisible();
  await axe(keeper);
  await shot(keeper, "kept-plans");
  await Promise.all([intake, head, keeper].map((one) => one.context().close()));
});
