// A whole dialogue with six people at once: the moderator, two secretaries, the screen on the wall of the hall, a citizen with a new phone and
// one whose phone runs no scripts. In the middle the server is killed like in a power cut and started again: nobody loses anything, and the
// pages catch up by themselves. It ends with the result, the papers, and a promise that was not kept.
import type { Browser, BrowserContext, Page } from "@playwright/test";

import { Server } from "../lib/server";
import { signInAs } from "../lib/steps";
import { expect, keep, test } from "../lib/test";

const TITLE = "Nước sạch mùa khô";
const WATER = "Bao giờ ba thôn cuối nguồn có nước sạch để dùng?";
const ROAD = "Đường vào thôn Nà Hin sạt lở, bao giờ xã sửa?";
const LATE_ONE = "Giếng khoan ở điểm trường bị phèn, ai kiểm tra?";
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };
const WALL = { width: 1920, height: 1080 };
/** Days from the notice to the dialogue, and from there to when the promise is overdue. */
const AHEAD = 9;
const OVERDUE = AHEAD + 40;

function inDays(days: number): string {
  // The portal's day is that of Viet Nam.
  return new Date(Date.now() + 7 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
}

async function person(browser: Browser, url: string, viewport: { width: number; height: number }, javaScriptEnabled = true): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ baseURL: url, viewport, javaScriptEnabled });
  return context.newPage();
}

async function official(browser: Browser, url: string, login: string): Promise<Page> {
  const page = await person(browser, url, DESK);
  await signInAs(page, login);
  return page;
}

/** Asks a question and gives the page back that says it has arrived. */
async function ask(page: Page, dialogue: string, words: string): Promise<void> {
  await page.goto(`${dialogue}/hoi`);
  await page.locator("textarea[name=body]").fill(words);
  await page.getByRole("button", { name: "Gửi câu hỏi" }).click();
  const other = page.getByRole("button", { name: "Câu của tôi khác, gửi đi" });
  if (await other.isVisible()) await other.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã nhận câu hỏi");
}

/** The moderator lets a question be read. */
async function letRead(page: Page, desk: string, words: string): Promise<void> {
  await page.goto(`${desk}/cau-hoi`);
  await page.locator("li", { hasText: words }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Đăng", exact: true }).click();
  await expect(page.locator(".flash")).toContainText("Đã đăng câu hỏi");
}

test("six people play a whole dialogue, with a power cut in the middle", async ({ browser, shot, axe }, info) => {
  test.setTimeout(300_000);
  const portal = await Server.start();
  try {
    // The notice.
    let moderator = await official(browser, portal.url, "tiepnhan.phuthong");
    await moderator.goto("/can-bo/doi-thoai/moi");
    await moderator.locator("input[name=title]").fill(TITLE);
    await moderator.locator("textarea[name=about]").fill("Nước sinh hoạt cho ba thôn cuối nguồn trong mùa khô.");
    await moderator.locator("input[name=day]").fill(inDays(AHEAD));
    await moderator.locator("input[name=from]").fill("00:00");
    await moderator.locator("input[name=to]").fill("23:59");
    await moderator.locator("input[name=kind][value=periodic]").check();
    await moderator.locator("input[name=mode][value=in_person]").check();
    await moderator.locator("input[name=place]").fill("Nhà văn hóa thôn Nà Hin");
    await moderator.locator("textarea[name=joining]").fill("Đến trước 15 phút.");
    await moderator.getByRole("button", { name: "Lưu bản nháp" }).click();
    await expect(moderator.locator(".flash")).toContainText("Đã lưu bản nháp");
    const desk = new URL(moderator.url()).pathname;
    const approver = await official(browser, portal.url, "duyet.phuthong");
    await approver.goto(desk);
    await approver.getByRole("button", { name: "Ra thông báo ngay" }).click();
    await expect(approver.locator(".flash")).toContainText("Thông báo đã ra");
    const dialogue = (await approver.getByRole("link", { name: "Xem trang công khai" }).getAttribute("href")) ?? "";

    // Questions before: from a phone with scripts and from one without.
    const lan = await person(browser, portal.url, PHONE);
    const sinh = await person(browser, portal.url, PHONE, false);
    await ask(lan, dialogue, WATER);
    await ask(sinh, dialogue, ROAD);
    await letRead(moderator, desk, WATER);
    await letRead(moderator, desk, ROAD);

    // The day itself: everybody takes their place.
    await portal.daysAhead(AHEAD);
    moderator = await official(browser, portal.url, "tiepnhan.phuthong");
    const first = await official(browser, portal.url, "duyet.phuthong");
    const second = await official(browser, portal.url, "lanhdao.phuthong");
    const wall = await person(browser, portal.url, WALL);
    const stage = `${desk}/dieu-hanh`;
    await moderator.goto(desk);
    await moderator.getByRole("link", { name: "Điều hành buổi đối thoại" }).click();
    await axe(moderator);
    await shot(moderator, "live-0-stage-before");
    await wall.goto(`${dialogue}/man-hinh`);
    await expect(wall.locator(".wall-question")).toHaveText("Buổi đối thoại sắp bắt đầu");
    await axe(wall);
    await shot(wall, "live-0-wall-before");
    for (const page of [first, second]) await page.goto(stage);
    await lan.goto(dialogue);
    await lan.getByRole("link", { name: "Theo dõi trực tiếp" }).click();
    await sinh.goto(`${dialogue}/truc-tiep`);

    // The first question comes up: wall and phone show it without anybody touching them; the phone without scripts loads the page.
    await moderator.getByRole("button", { name: "Gọi câu đầu tiên đang chờ" }).click();
    await expect(wall.locator(".wall-question")).toHaveText(WATER);
    await expect(lan.locator("[data-part=on] .question")).toHaveText(WATER);
    await expect(second.locator("[data-part=on] .question")).toHaveText(WATER);
    await sinh.reload();
    await expect(sinh.locator("[data-part=on] .question")).toHaveText(WATER);
    await axe(lan);
    await shot(wall, "live-1-wall");
    await shot(lan, "live-1-phone");
    await shot(sinh, "live-1-phone-no-scripts");

    // Both secretaries write at once; neither loses a word, and the page of neither takes away what the other one types.
    await first.locator("#write textarea[name=body]").fill("Quý I năm sau đường ống tới ba thôn.");
    await second.locator("#write textarea[name=body]").fill("Trước Tết, xe bồn chở nước mỗi tuần hai chuyến.");
    await first.getByRole("button", { name: "Lưu đoạn này" }).click();
    await expect(second.locator("[data-part=on]")).toContainText("Quý I năm sau đường ống tới ba thôn.");
    await expect(second.locator("#write textarea[name=body]")).toHaveValue("Trước Tết, xe bồn chở nước mỗi tuần hai chuyến.");
    await second.getByRole("button", { name: "Lưu đoạn này" }).click();
    await expect(lan.locator("[data-part=on] .said")).toHaveCount(2);
    await axe(first);
    await shot(first, "live-2-stage");
    await shot(lan, "live-2-phone");

    // Support from both phones, and a new question while it runs.
    await lan.locator("[data-part=queue]").getByRole("button", { name: "Tôi cũng muốn hỏi câu này" }).click();
    await expect(lan.getByRole("button", { name: "Bạn đã ủng hộ câu này" })).toBeVisible();
    await ask(lan, dialogue, LATE_ONE);
    await letRead(moderator, desk, LATE_ONE);
    await lan.goto(`${dialogue}/truc-tiep`);
    await sinh.reload();
    await sinh.locator("li", { hasText: LATE_ONE }).getByRole("button").click();
    await expect(sinh).toHaveURL(/truc-tiep/);
    await expect(lan.locator("li", { hasText: LATE_ONE })).toContainText("1 người ủng hộ");
    await expect(lan.locator("[data-part=queue]")).toContainText(LATE_ONE);

    // The power goes while a secretary is typing.
    await moderator.goto(stage);
    await first.locator("#write textarea[name=body]").fill("Ban quản lý nước báo cáo trước ngày 15.");
    await portal.kill9();
    await expect(lan.locator("[data-lost]")).toBeVisible();
    await expect(wall.locator("[data-lost]")).toBeVisible();
    await shot(lan, "live-3-phone-lost");
    await portal.restart();
    await expect(lan.locator("[data-lost]")).toBeHidden();
    await expect(wall.locator("[data-lost]")).toBeHidden();
    await expect(first.locator("#write textarea[name=body]")).toHaveValue("Ban quản lý nước báo cáo trước ngày 15.");
    await first.getByRole("button", { name: "Lưu đoạn này" }).click();
    await expect(lan.locator("[data-part=on] .said")).toHaveCount(3);
    await expect(lan.locator("li", { hasText: LATE_ONE })).toContainText("1 người ủng hộ");
    await expect(wall.locator(".wall-question")).toHaveText(WATER);

    // Next: answered later by a day; then one that is taken out; then it is over.
    await moderator.getByRole("button", { name: "Đã trả lời, gọi câu tiếp theo" }).click();
    await expect(wall.locator(".wall-question")).toHaveText(ROAD);
    await moderator.locator("[data-part=on] summary", { hasText: "Hẹn trả lời sau" }).click();
    await moderator.locator("[data-part=on] input[type=date]").fill(inDays(AHEAD + 20));
    await moderator.locator("[data-part=on] details", { hasText: "Hẹn trả lời sau" }).getByRole("button").click();
    await expect(lan.locator("[data-part=done]")).toContainText("Hẹn trả lời chậm nhất");
    await moderator.locator("[data-part=queue] summary", { hasText: "Đưa ra ngoài" }).click();
    await moderator.locator("[data-part=queue] input[name=reason]").fill("Trường đã mời đơn vị xét nghiệm, trả lời riêng cho nhà trường.");
    await moderator.locator("[data-part=queue] details").getByRole("button").click();
    await moderator.getByRole("button", { name: "Kết thúc" }).click();
    await expect(wall.locator(".wall-question")).toContainText("Xin cảm ơn bà con");
    await shot(moderator, "live-4-stage-over");
    await shot(wall, "live-4-wall-over");

    // The question to be answered later becomes a promise; the papers; the result.
    await moderator.getByRole("link", { name: "Ghi thành lời hứa" }).click();
    await expect(moderator.locator("textarea[name=promise]")).toHaveValue(/Trả lời câu 2/);
    await moderator.locator("select[name=owner]").selectOption({ index: 2 });
    await moderator.getByRole("button", { name: "Ghi lời hứa" }).click();
    await expect(moderator.locator("#loi-hua")).toContainText("Trả lời câu 2");
    await moderator.goto(desk);
    await expect(moderator.locator("input[name=questions]")).toHaveValue("3");
    await expect(moderator.locator("input[name=answered]")).toHaveValue("1");
    await moderator.locator("input[name=chair][value=head]").check();
    await moderator.locator("input[name=people]").fill("61");
    await moderator.getByRole("button", { name: "Ghi lại" }).click();
    await expect(moderator.locator(".flash")).toContainText("Đã ghi lại cuộc đối thoại");
    await moderator.getByRole("link", { name: "Biên bản" }).click();
    await expect(moderator.locator(".letter")).toContainText("Trước Tết, xe bồn chở nước mỗi tuần hai chuyến.");
    await axe(moderator);
    await shot(moderator, "live-5-minutes");
    for (const [paper, end] of [["bien-ban", "docx"], ["bien-ban", "pdf"], ["thong-bao-ket-luan", "docx"], ["thong-bao-ket-luan", "pdf"]]) {
      const answer = await moderator.request.get(`${portal.url}${desk}/van-ban/${paper}.${end}`);
      expect(answer.status()).toBe(200);
      await keep(info, `live-${paper}.${end}`, await answer.body());
    }
    await first.goto(desk);
    await first.locator("textarea[name=outcome]").fill("Đã trả lời tại chỗ, việc chưa xong có ngày hẹn.");
    await first.getByRole("button", { name: "Công bố" }).click();
    await expect(first.locator(".flash")).toContainText("Đã công bố kết quả");
    await sinh.goto(dialogue);
    await sinh.reload();
    for (const said of [WATER, "Quý I năm sau đường ống tới ba thôn.", "Ban quản lý nước báo cáo trước ngày 15.", ROAD, "trả lời riêng cho nhà trường"]) {
      await expect(sinh.locator("main")).toContainText(said);
    }
    await shot(sinh, "live-6-outcome");
    await lan.goto(dialogue);
    await axe(lan);

    // Nobody answered by the day: everybody sees that.
    await portal.daysAhead(OVERDUE);
    await lan.goto("/loi-hua");
    await expect(lan.locator("li, article", { hasText: "Trả lời câu 2" }).first()).toContainText("Quá hạn");
    await shot(lan, "live-7-late-promise");
  } finally {
    await portal.stop();
  }
});
