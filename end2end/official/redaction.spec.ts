// Before something becomes public: words are hidden with a tick, a part of a photo is covered, another person looks and lets it out.
import { type Locator, type Page } from "@playwright/test";
import { desk, fillIn, openCase, receiveAndGive, send, signIn, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

const PHONE = "0987 654 321";
const NAME = "Nguyễn Thị Lan Anh";
const BODY = `Bà ${NAME} lấn đường đi. Gọi ${PHONE} mãi, nhà bà ấy im lặng.`;

/** Ticks what is suggested of these words. */
async function tick(form: Locator, words: string): Promise<void> {
  await form.locator(`.hiding input[value$="|${words}"]`).check();
}

/** Covers the upper left of the picture: with a finger or the mouse where there are scripts, cell by cell where there are none. */
async function cover(page: Page, withScripts: boolean): Promise<void> {
  if (!withScripts) {
    for (const cell of ["A1", "B1", "A2", "B2"]) await page.getByLabel(`Ô ${cell}`, { exact: true }).check({ force: true });
    await page.getByRole("button", { name: "Áp dụng và xem thử" }).click();
    return;
  }
  const picture = page.locator(".cover-sheet > svg");
  await expect(page.locator("[data-cover-hint]")).toBeVisible();
  const box = await picture.boundingBox();
  if (!box) throw new Error("the picture has no place");
  await page.mouse.move(box.x + 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 4);
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
  await page.mouse.up();
}

test("words are hidden and a photo is covered before a second person lets them out", async ({ browser, page, server, withScripts, shot, axe }, info) => {
  test.setTimeout(150_000);
  const title = `Lấn đường ${info.project.name.replace(/-/g, " ")}`;
  await fillIn(page, { kind: "report", title, body: BODY, name: "Lò Thị Thử Nghiệm", photos: 1 });
  await send(page);
  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  await openCase(intake, title);
  await receiveAndGive(intake);
  await signIn(page, "lanhdao");
  await openCase(page, title);
  await unfold(page, "cong-khai");
  const form = page.locator("#buoc-cong-khai");
  await expect(form.locator(".hiding input[type=checkbox]:checked")).toHaveCount(0);
  await tick(form, NAME);
  await tick(form, PHONE);
  await form.locator("input[name=hidden_words]").fill("đường đi");
  await form.locator("select[name=hidden_kind]").selectOption("other");
  await form.getByRole("button", { name: "Áp dụng và xem thử" }).click();
  const read = page.locator("#xem-thu-cong-khai .preview").last();
  await expect(read).toContainText("Bà [đã ẩn: tên người] lấn [đã ẩn: thông tin riêng]. Gọi [đã ẩn: số điện thoại] mãi, nhà bà ấy im lặng.");
  await axe(page);
  await shot(page, "redaction-preview");

  await form.getByRole("button", { name: "Che trên ảnh" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Che trên ảnh");
  await cover(page, withScripts);
  await expect(page.locator("[data-cover-list] input:checked")).toHaveCount(1);
  await expect(page.locator(".cover-sheet rect")).toHaveCount(1);
  await axe(page);
  await shot(page, "redaction-cover");
  await page.getByRole("button", { name: "Lưu bản công khai" }).click();
  await expect(page.locator("#buoc-cong-khai")).toContainText("Bản đã che");

  // Back on the case everything is as it was left.
  await expect(form.locator(".hiding input[type=checkbox]:checked")).toHaveCount(3);
  await form.locator("input[name^='photo_']").check();
  await shot(page, "redaction-form");
  await form.getByRole("button", { name: "Gửi người duyệt" }).click();
  await expect(page.locator(".flash")).toBeVisible();

  const second = await desk(browser, info, server.url, "duyet.phuthong");
  await openCase(second, title);
  const waiting = second.locator("#buoc-duyet-cong-khai");
  await expect(waiting).toContainText("[đã ẩn: số điện thoại]");
  await expect(waiting.locator(".photo-grid img")).toHaveCount(1);
  await axe(second);
  await shot(second, "redaction-second");
  await second.getByRole("button", { name: "Duyệt công khai" }).first().click();
  const address = await second.locator("a.tag[href^='/cong-khai/']").getAttribute("href");
  await page.goto(address ?? "");
  await expect(page.locator("main")).toContainText("[đã ẩn: tên người]");
  await expect(page.locator("main")).not.toContainText(PHONE);
  await expect(page.locator("main")).not.toContainText(NAME);
  await axe(page);
  await shot(page, "redaction-public");
});
