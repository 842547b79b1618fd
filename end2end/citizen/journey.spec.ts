// The main job, end to end: a citizen files on a phone, officials ask and answer, everyone can read it.
import { PHOTO_SECRET } from "../lib/photos";
import { fillIn, follow, openCase, receiveAndGive, send, signIn, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

const NAME = "Lò Thị Thử Nghiệm";

test("from the first screen to the public answer and the rating", async ({ browser, page, shot, axe, server, viewport }, info) => {
  test.setTimeout(180_000);
  // Every run has its own petition, so that runs do not meet each other's.
  const mark = info.project.name.replace(/-/g, " ");
  const title = `Cống qua đường vào trường bị sập ${mark}`;

  // the citizen
  await page.goto("/gui");
  await shot(page, "01-what");
  await axe(page);
  await fillIn(page, { kind: "report", title, body: `Cống sập từ tuần trước, các cháu phải lội qua. ${mark}`, name: NAME, photos: 2 });
  await shot(page, "02-check");
  await axe(page);
  await expect(page.locator(".files li, .thumbs img")).not.toHaveCount(0);
  const code = await send(page);
  expect(code).toMatch(/^([2-9A-Z]{4} ){3}[2-9A-Z]{4}$/);
  await shot(page, "03-receipt");
  await axe(page);

  // the officials, each in a browser of their own
  const desk = async (who: string) => {
    const context = await browser.newContext({ baseURL: server.url, viewport, javaScriptEnabled: info.project.use.javaScriptEnabled ?? true });
    const desk = await context.newPage();
    await signIn(desk, who);
    return desk;
  };
  const intake = await desk("tiepnhan");
  await openCase(intake, title);
  await receiveAndGive(intake);
  await shot(intake, "04-assigned");
  await axe(intake);

  const handler = await desk("xuly");
  await openCase(handler, title);
  await unfold(handler, "hoi");
  await handler.locator("textarea[name=question]").fill("Cống nằm trước hay sau cầu Nà Món?");
  await handler.locator("#buoc-hoi").getByRole("button", { name: "Hỏi thêm người dân" }).click();
  await expect(handler.locator(".flash")).toContainText("Đã gửi câu hỏi");

  // the citizen answers by code
  await follow(page, code);
  await expect(page.getByText("Cống nằm trước hay sau cầu Nà Món?").first()).toBeVisible();
  await shot(page, "05-asked");
  await axe(page);
  await page.locator("textarea[name=message]").first().fill("Sau cầu, cách khoảng 20 mét.");
  await page.getByRole("button", { name: /Gửi (trả lời|tin nhắn)/ }).first().click();
  await expect(page.getByText("Sau cầu, cách khoảng 20 mét.").first()).toBeVisible();

  // an answer and a public text, each let out by a second person
  await openCase(handler, title);
  await unfold(handler, "cong-khai");
  await handler.locator("input[name=public_title]").fill(title);
  await handler.locator("textarea[name=public_body]").fill(`Cống qua đường vào trường bị sập. ${mark}`);
  for (const box of await handler.locator("#buoc-cong-khai input[name^='photo_']").all()) await box.check();
  await handler.locator("#buoc-cong-khai").getByRole("button", { name: "Gửi người duyệt" }).click();
  await unfold(handler, "tra-loi");
  await handler.locator("textarea[name=answer]").fill("Đã đặt **cống mới** ngày 24/11.\n\nNếu còn vướng, hãy nhắn lại ở đây.");
  await handler.locator("#buoc-tra-loi").getByRole("button", { name: "Xem trước" }).click();
  await expect(handler.locator(".preview strong")).toHaveText("cống mới");
  await shot(handler, "06-preview");
  await handler.locator("#buoc-tra-loi").getByRole("button", { name: "Gửi người duyệt" }).click();
  await expect(handler.locator(".flash")).toContainText("Đã gửi bản thảo");

  const approver = await desk("duyet");
  await openCase(approver, title);
  await shot(approver, "07-approve");
  await axe(approver);
  await approver.getByRole("button", { name: "Duyệt trả lời" }).click();
  await expect(approver.locator(".flash")).toContainText("Đã duyệt");
  await approver.getByRole("button", { name: "Duyệt công khai" }).first().click();
  await expect(approver.locator(".flash")).toContainText("đã lên trang");

  // everyone reads it
  await page.goto(`/cong-khai?q=${encodeURIComponent(title)}`);
  await page.locator(".list-cases h3 a", { hasText: title }).first().click();
  await expect(page.locator(".md strong").first()).toHaveText("cống mới");
  await shot(page, "08-public");
  await axe(page);
  const body = await page.content();
  expect(body).not.toContain(NAME);
  expect(body).not.toContain(code.replace(/ /g, ""));
  const photos = page.locator(".photo-grid img");
  await expect(photos).toHaveCount(2);
  for (const photo of await photos.all()) {
    const answer = await page.request.get((await photo.getAttribute("src")) ?? "");
    expect(answer.status()).toBe(200);
    expect((await answer.body()).includes(PHOTO_SECRET)).toBe(false);
  }

  // the citizen rates
  await follow(page, code);
  for (const name of ["clarity", "attitude", "result"]) {
    // The number is what a person presses; the radio button itself is out of sight.
    await page.locator(`label:has(input[name=${name}][value="5"])`).click();
    await expect(page.locator(`input[name=${name}][value="5"]`)).toBeChecked();
  }
  await page.getByRole("button", { name: "Gửi đánh giá" }).click();
  await expect(page.getByText("Cảm ơn bạn đã đánh giá").first()).toBeVisible();
  await shot(page, "09-rated");
  await axe(page);
});
