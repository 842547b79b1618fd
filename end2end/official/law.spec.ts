// The law's own ways, in a browser: a complaint that is decided and goes on to the superior, a denunciation extended twice and
// concluded, an answer with a promise. Every step that goes out with a letter is drafted by one person and signed by another; the
// letters are read on their pages, by officials and by the citizen.
import type { Browser, Page, TestInfo } from "@playwright/test";

import { fillIn, follow, openCase, send, signInAs, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

/** Somebody at their desk, in a browser of their own; `login` is a whole demo login. */
async function desk(browser: Browser, info: TestInfo, url: string, login: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: info.project.use.viewport ?? null,
    javaScriptEnabled: info.project.use.javaScriptEnabled ?? true,
  });
  const page = await context.newPage();
  await signInAs(page, login);
  return page;
}

/** Goes to the page of a step from the open case. */
async function toStep(page: Page, name: string): Promise<void> {
  await page.locator("#thu-tuc").getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
}

/** Fills every blank of every letter of a step's form. */
async function fillLetters(page: Page): Promise<void> {
  for (const area of await page.locator("textarea[name^=letter_]").all()) {
    await area.fill((await area.inputValue()).replace(/\[[^\]]*\]/g, "nội dung đã ghi trong hồ sơ"));
  }
  for (const to of await page.locator("input[name^=to_], input[name=accused]").all()) await to.fill("ông Nguyễn Văn B, công chức địa chính");
}

/** Drafts a step; `fill` answers what it asks for besides the letters. */
async function draft(page: Page, name: string, fill?: (page: Page) => Promise<void>): Promise<void> {
  await toStep(page, name);
  await fillLetters(page);
  await fill?.(page);
  await page.getByRole("button", { name: "Gửi người ký" }).click();
  await expect(page.locator(".flash")).toContainText(`Đã gửi dự thảo: ${name}`);
}

/** Signs the draft that waits on the open case. */
async function sign(page: Page, name: string): Promise<void> {
  await page.reload();
  await page.getByRole("button", { name: "Ký ban hành" }).click();
  await expect(page.locator(".flash")).toContainText(`Đã ghi: ${name}`);
}

/** Records a step that needs no signature. */
async function record(page: Page, name: string, fill?: (page: Page) => Promise<void>): Promise<void> {
  await page.reload();
  await toStep(page, name);
  await fill?.(page);
  await page.getByRole("button", { name: "Ghi nhận" }).click();
  await expect(page.locator(".flash")).toContainText(`Đã ghi: ${name}`);
}

const because = (words: string) => async (page: Page) => page.locator("textarea[name=law_reason]").fill(words);
const choose = (name: string, value: string) => async (page: Page) => {
  await page.locator(`select[name=${name}]`).selectOption(value);
};

/** Files, receives and gives to the handler; gives the code. */
async function filedAndGiven(page: Page, intake: Page, kind: string, title: string, words: string): Promise<string> {
  await fillIn(page, { kind, title, body: words, name: "Lò Thị Thử Nghiệm", photos: 0 });
  const code = await send(page);
  await openCase(intake, title);
  await intake.getByRole("button", { name: "Tiếp nhận" }).click();
  await unfold(intake, "giao");
  await intake.locator("#buoc-giao select[name=handler]").selectOption({ index: 1 });
  await intake.locator("#buoc-giao").getByRole("button", { name: "Giao đơn" }).click();
  await expect(intake.locator(".flash")).toContainText("Đã giao");
  return code;
}

test("a complaint is accepted, decided and goes on to the superior, each step with its letter", async ({ browser, page, shot, axe, server }, info) => {
  test.setTimeout(240_000);
  const mark = info.project.name.replace(/-/g, " ");
  const title = `Quyết định thu hồi đất ghi sai ${mark}`;
  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  const code = await filedAndGiven(page, intake, "complaint", title, `Quyết định ghi 80 m² trong khi đất nhà tôi là 92 m². ${mark}`);
  const handler = await desk(browser, info, server.url, "xuly.phuthong");
  const head = await desk(browser, info, server.url, "lanhdao.phuthong");
  await openCase(handler, title);
  await openCase(head, title);
  await shot(handler, "law-case");
  await axe(handler);

  await toStep(handler, "Thụ lý");
  await handler.getByRole("button", { name: "Gửi người ký" }).click();
  await expect(handler.locator("#errors")).toContainText("Còn chỗ trống phải điền");
  await shot(handler, "law-step-blanks");
  await axe(handler);
  await handler.goBack();
  await handler.goBack();
  await draft(handler, "Thụ lý");
  await head.reload();
  await shot(head, "law-to-sign");
  await axe(head);
  await head.locator("#ky").getByRole("link", { name: "Thông báo thụ lý khiếu nại lần đầu" }).click();
  await expect(head.locator(".letter")).toContainText("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
  await shot(head, "law-letter-draft");
  await head.goBack();
  await sign(head, "Thụ lý");
  await record(handler, "Giao xác minh");
  await record(handler, "Báo kết quả xác minh", async (page) => {
    await choose("differs", "no")(page);
    await because("Đo lại là 92 m², đúng như người khiếu nại nói.")(page);
  });
  await handler.locator("#thu-tuc details summary").click();
  await expect(handler.locator("#thu-tuc details li").first()).toBeVisible();
  await draft(handler, "Ra quyết định giải quyết", choose("finding", "right"));
  await sign(head, "Ra quyết định giải quyết");
  await record(handler, "Ghi ngày gửi văn bản");
  await record(handler, "Ghi ngày người dân nhận");
  await shot(handler, "law-decided");

  await follow(page, code);
  await expect(page.getByText("ra quyết định giải quyết: đúng").first()).toBeVisible();
  await shot(page, "law-citizen");
  await axe(page);
  await page.getByRole("link", { name: "Quyết định giải quyết khiếu nại lần đầu", exact: true }).click();
  await expect(page.locator(".letter")).toContainText("QUYẾT ĐỊNH");
  await expect(page.locator(".letter")).toContainText("Lò Thị Thử Nghiệm");
  await shot(page, "law-letter-citizen");
  await page.goBack();
  await page.locator("#further summary").click();
  await page.locator("textarea[name=appeal]").fill("Tôi đồng ý diện tích nhưng không đồng ý số tiền.");
  await page.locator("#further").getByRole("button", { name: "Khiếu nại lần hai" }).click();
  await expect(page.locator(".flash")).toContainText("Đơn đã chuyển lên cấp trên");
  await shot(page, "law-second");

  const above = await desk(browser, info, server.url, "tiepnhan.tinh");
  await openCase(above, title);
  await above.getByRole("button", { name: "Tiếp nhận" }).click();
  await unfold(above, "giao");
  await above.locator("#buoc-giao select[name=handler]").selectOption({ index: 1 });
  await above.locator("#buoc-giao").getByRole("button", { name: "Giao đơn" }).click();
  const leader = await desk(browser, info, server.url, "lanhdao.tinh");
  await openCase(leader, title);
  await draft(above, "Thụ lý");
  await sign(leader, "Thụ lý");
  await expect(above.getByText("Khiếu nại lần hai").first()).toBeVisible();
});

test("a denunciation is verified, accepted, extended twice and concluded, and its sender stays unnamed", async ({ browser, page, shot, axe, server }, info) => {
  test.setTimeout(240_000);
  const mark = info.project.name.replace(/-/g, " ");
  const title = `Cán bộ nhận tiền làm hồ sơ ${mark}`;
  const intake = await desk(browser, info, server.url, "tiepnhan.phuthong");
  // A denunciation is in no index: it is opened from the list.
  await fillIn(page, { kind: "denunciation", title, body: `Nhận tiền của nhiều người. ${mark}`, name: "Lò Thị Thử Nghiệm", photos: 0 });
  await send(page);
  const open = async (who: Page) => {
    await who.goto("/can-bo?phan=tat-ca&loai=denunciation");
    await who.locator(".queue a.item", { hasText: title }).first().click();
    await expect(who.getByRole("heading", { level: 1 })).toContainText(title);
  };
  await open(intake);
  await intake.getByRole("button", { name: "Tiếp nhận" }).click();
  await unfold(intake, "giao");
  await intake.locator("#buoc-giao select[name=handler]").selectOption({ index: 1 });
  await intake.locator("#buoc-giao").getByRole("button", { name: "Giao đơn" }).click();
  await record(intake, "Xác minh người tố cáo", async (page) => {
    await choose("verified", "yes")(page);
    await because("Đã gặp người gửi tại nơi tiếp công dân.")(page);
  });
  const handler = await desk(browser, info, server.url, "xuly.phuthong");
  const head = await desk(browser, info, server.url, "lanhdao.phuthong");
  await open(handler);
  await open(head);
  await draft(handler, "Thụ lý");
  await sign(head, "Thụ lý");
  await record(handler, "Ghi ngày gửi văn bản");
  await record(handler, "Giao xác minh");
  for (let i = 0; i < 2; i += 1) {
    await handler.reload();
    await draft(handler, "Gia hạn", because("Phải xác minh ở nhiều nơi."));
    await sign(head, "Gia hạn");
  }
  await record(handler, "Báo kết quả xác minh", because("Có biên lai và lời khai."));
  await draft(handler, "Kết luận nội dung tố cáo", choose("finding", "right"));
  await sign(head, "Kết luận nội dung tố cáo");
  for (const name of ["Ghi ngày gửi văn bản", "Ghi việc xử lý theo kết luận", "Ghi ngày báo kết quả xử lý", "Ghi ngày công bố"]) {
    await record(handler, name, async (page) => {
      const reason = page.locator("textarea[name=law_reason]");
      if ((await reason.count()) > 0) await reason.fill("Đã xử lý theo kết luận.");
    });
  }
  await handler.locator("aside details summary").first().click();
  await shot(handler, "law-denunciation");
  await axe(handler);
  const letters = handler.locator("#van-ban li");
  await expect(letters).toHaveCount(7);
  for (const name of ["Thông báo nội dung tố cáo cho người bị tố cáo", "Kết luận nội dung tố cáo"]) {
    const link = letters.getByRole("link", { name, exact: true });
    if ((await link.count()) === 0) continue;
    await link.first().click();
    await expect(handler.locator(".letter")).toContainText("ông Nguyễn Văn B");
    await expect(handler.locator(".letter")).not.toContainText("Lò Thị Thử Nghiệm");
    await shot(handler, `law-letter-${name === "Kết luận nội dung tố cáo" ? "conclusion" : "accused"}`);
    await handler.goBack();
  }
});
