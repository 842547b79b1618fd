// The law's own ways from filing to their end, in a browser: a complaint through both instances until it is carried out, a
// denunciation extended twice and concluded, a recommendation with a promise. Every step that goes out with a letter is drafted by
// one person and signed by another; every letter is opened on its page and as a PDF. The portal is the journey's own: days of
// waiting pass by its clock.
import type { Page, TestInfo } from "@playwright/test";

import { Server } from "../lib/server";
import { desk, fillIn, follow, openCase, receiveAndGive, send, signInAs, unfold } from "../lib/steps";
import { expect, keep, test as base } from "../lib/test";

/** Enough for a portal that only the journey's own case matters in. */
const FEW_CASES = "20";

/** A journey with a portal of its own, whose clock it moves. */
const test = base.extend<{ portal: Server }>({
  portal: async ({}, use) => {
    const portal = await Server.start({ NGHEDAN_DEMO_CASES: FEW_CASES });
    await use(portal);
    await portal.stop();
  },
  baseURL: async ({ portal }, use) => {
    await use(portal.url);
  },
});

/** A day as forms take it, so many days from the real one, in Viet Nam. */
function dayIn(days: number): string {
  const at = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" }).format(at);
}

/** A letter's name as a file's. */
function plain(name: string): string {
  return name.normalize("NFD").replace(/[^a-zA-Z]+/g, "-").slice(0, 60);
}

/**
 * Opens every letter of the open case, on its page and as a PDF; `about` asks more of each page. Gives how many there are.
 */
async function readLetters(page: Page, info: TestInfo, about: (page: Page, name: string) => Promise<void> = async () => {}): Promise<number> {
  const links = await page.locator("#van-ban li a[href*='/van-ban/']").evaluateAll((all) =>
    all.map((link) => ({ href: link.getAttribute("href") ?? "", name: link.textContent?.trim() ?? "" })),
  );
  const letters = new Map(links.filter(({ href }) => !/[.](pdf|docx)$/.test(href)).map(({ href, name }) => [href, name]));
  for (const [href, name] of letters) {
    await page.goto(href);
    await expect(page.locator(".letter")).toContainText("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    await expect(page.locator(".letter")).not.toContainText(/[{}]/);
    await about(page, name);
    const pdf = await page.request.get(`${href}.pdf`);
    expect(pdf.headers()["content-type"]).toBe("application/pdf");
    const bytes = await pdf.body();
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    await keep(info, `law-letter-${plain(name)}.pdf`, bytes);
  }
  return letters.size;
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
  await receiveAndGive(intake);
  return code;
}

test("a complaint goes through both instances until it is carried out, each step with its letter", async ({ browser, page, shot, axe, portal }, info) => {
  test.setTimeout(300_000);
  const title = "Quyết định thu hồi đất ghi sai diện tích nhà tôi";
  const { url } = portal;
  const intake = await desk(browser, info, url, "tiepnhan.phuthong");
  const code = await filedAndGiven(page, intake, "complaint", title, "Quyết định ghi 80 m² trong khi đất nhà tôi là 92 m².");
  const handler = await desk(browser, info, url, "xuly.phuthong");
  const head = await desk(browser, info, url, "lanhdao.phuthong");
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
  expect(await readLetters(handler, info)).toBe(2);

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

  const gate = await desk(browser, info, url, "tiepnhan.tinh");
  await openCase(gate, title);
  await receiveAndGive(gate);
  const above = await desk(browser, info, url, "xuly.tinh");
  await openCase(above, title);
  const leader = await desk(browser, info, url, "lanhdao.tinh");
  await openCase(leader, title);
  await draft(above, "Thụ lý");
  await sign(leader, "Thụ lý");
  await expect(above.getByText("Khiếu nại lần hai").first()).toBeVisible();
  await record(above, "Giao xác minh");
  await record(above, "Báo kết quả xác minh", async (page) => {
    await choose("differs", "no")(page);
    await because("Giá đất áp dụng đúng bảng giá của tỉnh.")(page);
  });

  // The second time a dialogue is held whatever was found, and the invitation goes out at least five days before.
  await toStep(above, "Mời đối thoại");
  await fillLetters(above);
  await above.locator("input[name=day]").fill(dayIn(3));
  await above.getByRole("button", { name: "Gửi người ký" }).click();
  await expect(above.getByText("sớm nhất là ngày").first()).toBeVisible();
  await shot(above, "law-invite-too-soon");
  await axe(above);
  await above.locator("input[name=day]").fill(dayIn(5));
  await above.getByRole("button", { name: "Gửi người ký" }).click();
  await expect(above.locator(".flash")).toContainText("Đã gửi dự thảo: Mời đối thoại");
  await sign(leader, "Mời đối thoại");
  await follow(page, code);
  await expect(page.getByText(`mời đối thoại ngày`).first()).toBeVisible();
  await shot(page, "law-invited");

  await portal.daysAhead(5);
  for (const [who, login] of [[above, "xuly.tinh"], [leader, "lanhdao.tinh"]] as const) {
    await signInAs(who, login);
    await openCase(who, title);
  }
  await draft(above, "Ghi buổi đối thoại", async (page) => {
    await page.locator("input[name=day]").fill(dayIn(5));
    await choose("attendance", "all")(page);
  });
  await sign(leader, "Ghi buổi đối thoại");
  await above.reload();
  await draft(above, "Ra quyết định giải quyết", choose("finding", "partly_right"));
  await sign(leader, "Ra quyết định giải quyết");
  for (const name of ["Ghi ngày gửi văn bản", "Ghi ngày người dân nhận", "Ghi ngày công bố"]) await record(above, name);
  await shot(above, "law-second-decided");

  await portal.daysAhead(60);
  await signInAs(above, "xuly.tinh");
  await openCase(above, title, "tat-ca");
  await record(above, "Ghi nhận có hiệu lực");
  await record(above, "Ghi việc thi hành", because("Đã trả thêm tiền cho gia đình."));
  await above.reload();
  const letters = await readLetters(above, info, async (letter, name) => shot(letter, `law-letter-${plain(name)}`));
  expect(letters).toBe(7);
  await signInAs(gate, "tiepnhan.tinh");
  await openCase(gate, title, "tat-ca");
  await unfold(gate, "ket-thuc");
  await gate.locator("#buoc-ket-thuc").getByRole("button", { name: "Kết thúc đơn" }).click();
  await expect(gate.locator(".flash")).toContainText("Đã kết thúc đơn");
  await follow(page, code);
  await expect(page.getByText("Quyết định giải quyết đã được thi hành.").first()).toBeVisible();
  await shot(page, "law-carried-out");
  await axe(page);
});

test("a recommendation is answered with a promise that is moved, kept and confirmed", async ({ browser, page, shot, axe, portal }, info) => {
  test.setTimeout(240_000);
  const title = "Xin thêm chuyến xe buýt sáng cho học sinh";
  const intake = await desk(browser, info, portal.url, "tiepnhan.phuthong");
  const code = await filedAndGiven(page, intake, "recommendation", title, "Các cháu phải đi bộ 6 km đến trường.");
  const handler = await desk(browser, info, portal.url, "xuly.phuthong");
  await openCase(handler, title);
  await unfold(handler, "tra-loi");
  await handler.locator("textarea[name=answer]").fill("Ủy ban sẽ thêm một chuyến lúc 6 giờ 15.");
  await handler.locator("input[name=promised_on]").fill(dayIn(10));
  await handler.locator("#buoc-tra-loi").getByRole("button", { name: "Gửi người duyệt" }).click();
  const approver = await desk(browser, info, portal.url, "duyet.phuthong");
  await openCase(approver, title);
  await approver.getByRole("button", { name: "Duyệt trả lời" }).click();
  await expect(approver.locator(".flash")).toContainText("Đã duyệt");
  await follow(page, code);
  await expect(page.getByText("hứa làm xong").first()).toBeVisible();
  await shot(page, "law-promised");
  await axe(page);

  await portal.daysAhead(9);
  await signInAs(handler, "xuly.phuthong");
  await openCase(handler, title, "tat-ca");
  await record(handler, "Dời ngày đã hứa", async (page) => {
    await page.locator("input[name=day]").fill(dayIn(20));
    await because("Xe mới về chậm.")(page);
  });
  await follow(page, code);
  await expect(page.getByText("lần đầu hứa").first()).toBeVisible();
  await shot(page, "law-promise-moved");
  await portal.daysAhead(19);
  await signInAs(handler, "xuly.phuthong");
  await openCase(handler, title, "tat-ca");
  await record(handler, "Đã làm xong việc đã hứa", because("Chuyến xe chạy từ hôm nay."));
  await shot(handler, "law-promise-kept");
  await axe(handler);
  await follow(page, code);
  await page.getByRole("button", { name: "Đã xong" }).click();
  await expect(page.getByText("Bạn đã xác nhận việc đã xong.").first()).toBeVisible();
  await shot(page, "law-promise-confirmed");
  await axe(page);
});

test("a denunciation is verified, accepted, extended twice and concluded, and its sender stays unnamed", async ({ browser, page, shot, axe, portal }, info) => {
  test.setTimeout(240_000);
  const title = "Cán bộ nhận tiền làm hồ sơ đất";
  const intake = await desk(browser, info, portal.url, "tiepnhan.phuthong");
  // A denunciation is in no index: it is opened from the list.
  await fillIn(page, { kind: "denunciation", title, body: "Nhận tiền của nhiều người.", name: "Lò Thị Thử Nghiệm", photos: 0 });
  await send(page);
  // Nor does the list say what it is about: the new one is the one nobody has taken up.
  await intake.goto("/can-bo?phan=tat-ca&loai=denunciation");
  await intake.locator(".queue a.item.unread", { hasText: "Nội dung niêm phong" }).first().click();
  const address = new URL(intake.url()).pathname;
  const open = async (who: Page) => {
    await who.goto(address);
    await expect(who.getByRole("heading", { level: 1 })).toContainText("Nội dung niêm phong");
  };
  await receiveAndGive(intake);
  await record(intake, "Xác minh người tố cáo", async (page) => {
    await choose("verified", "yes")(page);
    await because("Đã gặp người gửi tại nơi tiếp công dân.")(page);
  });
  const handler = await desk(browser, info, portal.url, "xuly.phuthong");
  const head = await desk(browser, info, portal.url, "lanhdao.phuthong");
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
  const letters = await readLetters(handler, info, async (letter, name) => {
    await expect(letter.locator(".letter")).not.toContainText("Lò Thị Thử Nghiệm");
    if (/bị tố cáo|Kết luận/.test(name)) await expect(letter.locator(".letter")).toContainText("ông Nguyễn Văn B");
    await shot(letter, `law-letter-${plain(name)}`);
  });
  expect(letters).toBe(7);
});
