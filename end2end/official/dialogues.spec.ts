// A dialogue conference from the plan to its result: drafted, told in time, put off, held by a deputy, published; calendars follow.
import ICAL from "ical.js";

import { PHOTO_SECRET, photo } from "../lib/photos";
import { Server } from "../lib/server";
import { desk, signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

/** The one entry of a dialogue's calendar, read by somebody else's parser. */
async function entry(page: import("@playwright/test").Page, address: string): Promise<ICAL.Event> {
  const answer = await page.request.get(address);
  expect(answer.headers()["content-type"]).toContain("text/calendar");
  const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
  const events = calendar.getAllSubcomponents("vevent");
  expect(events).toHaveLength(1);
  return new ICAL.Event(events[0]);
}

function inDays(days: number): string {
  // The portal's day is that of Viet Nam.
  return new Date(Date.now() + 7 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
}

test("a dialogue is planned, told, put off, held and its result published", async ({ browser, page, shot, axe }, info) => {
  test.setTimeout(180_000);
  const portal = await Server.start();
  try {
    await signInAs(page, "tiepnhan.phuthong", portal.url);
    await page.goto(`${portal.url}/can-bo/doi-thoai`);
    await axe(page);
    await shot(page, "dialogue-year");
    await page.locator("select[name=quarter]").selectOption("4");
    await page.locator("input[name=topic]").fill("Rừng và đất rừng");
    await page.getByRole("button", { name: "Thêm", exact: true }).click();
    await expect(page.locator("#ke-hoach")).toContainText("Rừng và đất rừng");
    await page.getByRole("link", { name: "Soạn từ dòng này" }).click();
    await expect(page.locator("input[name=title]")).toHaveValue("Rừng và đất rừng");
    await page.getByRole("button", { name: "Lưu bản nháp" }).click();
    await expect(page.locator("#errors")).toContainText("Hãy viết nội dung");
    await axe(page);
    await shot(page, "dialogue-draft");
    await page.locator("textarea[name=about]").fill("Giao đất rừng, tranh chấp ranh giới, tiền trồng rừng.");
    await page.locator("input[name=day]").fill(inDays(10));
    await page.locator("input[name=kind][value=periodic]").check();
    await page.locator("input[name=mode][value=in_person]").check();
    await page.locator("input[name=place]").fill("Nhà văn hóa thôn Nà Hin");
    await page.locator("input[name=spot]").fill("22.2801, 105.8890");
    await page.locator("textarea[name=joining]").fill("Đến trước 15 phút.");
    await page.getByRole("button", { name: "Lưu bản nháp" }).click();
    await expect(page.locator(".flash")).toContainText("Đã lưu bản nháp");
    await expect(page.locator("main")).toContainText("Người duyệt hoặc người đứng đầu sẽ ra thông báo");
    const address = new URL(page.url()).pathname;

    const approver = await desk(browser, info, portal.url, "duyet.phuthong");
    await approver.goto(address);
    await axe(approver);
    await shot(approver, "dialogue-announce");
    await approver.getByRole("button", { name: "Ra thông báo ngay" }).click();
    await expect(approver.locator(".flash")).toContainText("Thông báo đã ra");
    const link = await approver.getByRole("link", { name: "Xem trang công khai" }).getAttribute("href");
    const told = `${portal.url}${link}`;

    await page.goto(`${portal.url}/doi-thoai`);
    await expect(page.locator("main")).toContainText("Rừng và đất rừng");
    await axe(page);
    await shot(page, "dialogue-list");
    await page.getByRole("link", { name: "Rừng và đất rừng" }).click();
    await expect(page.locator("main")).toContainText("Thông báo trước 10 ngày");
    await axe(page);
    await shot(page, "dialogue-notice");
    const first = await entry(page, `${told}/lich.ics`);
    expect(first.summary).toBe("Đối thoại: Rừng và đất rừng");
    expect(first.location).toContain("Nhà văn hóa thôn Nà Hin");

    await approver.reload();
    await approver.locator("summary", { hasText: "Dời ngày" }).click();
    const form = approver.locator("form", { has: approver.locator("input[name=deed][value=postpone]") });
    await form.locator("input[name=day]").fill(inDays(14));
    await form.locator("textarea[name=reason]").fill("Mưa lớn, đường vào thôn bị ngập.");
    await form.getByRole("button", { name: "Dời ngày" }).click();
    await expect(approver.locator(".flash")).toContainText("Đã dời ngày");
    await page.reload();
    await expect(page.locator(".moved")).toContainText("Mưa lớn, đường vào thôn bị ngập.");
    await axe(page);
    await shot(page, "dialogue-moved");
    const moved = await entry(page, `${told}/lich.ics`);
    expect(moved.uid).toBe(first.uid);
    expect(moved.sequence).toBeGreaterThan(first.sequence);
    expect(moved.startDate.toJSDate().getTime() - first.startDate.toJSDate().getTime()).toBe(4 * 86_400_000);

    await portal.daysAhead(15);
    const later = await desk(browser, info, portal.url, "duyet.phuthong");
    await later.goto(address);
    await later.getByRole("button", { name: "Ghi lại" }).click();
    await expect(later.locator("#errors")).toContainText("Hãy chọn ai đã chủ trì");
    await later.locator("input[name=chair][value=head]").check();
    await later.locator("input[name=people]").fill("52");
    await later.locator("input[name=questions]").fill("14");
    await later.locator("input[name=answered]").fill("11");
    await axe(later);
    await shot(later, "dialogue-hold");
    await later.getByRole("button", { name: "Ghi lại" }).click();
    await expect(later.locator(".flash")).toContainText("Đã ghi lại cuộc đối thoại");
    // Pictures wait for the result; the second one goes again, with a reason.
    await later.getByRole("button", { name: "Thêm", exact: true }).click();
    await expect(later.locator("#errors")).toContainText("Hãy viết ảnh cho thấy gì");
    for (const words of ["Bà con xem bản đồ ranh giới rừng", "Một người dân đứng phát biểu"]) {
      await later.locator("input[name=picture]").setInputFiles({ name: "anh.jpg", mimeType: "image/jpeg", buffer: photo() });
      await later.locator("input[name=picture_alt]").fill(words);
      await later.getByRole("button", { name: "Thêm", exact: true }).click();
      await expect(later.locator(".flash")).toContainText("Đã thêm");
      await expect(later.getByRole("img", { name: words })).toBeVisible();
    }
    const second = later.locator("#anh > ul > li", { has: later.getByRole("img", { name: "Một người dân đứng phát biểu" }) });
    await second.locator("summary").click();
    await axe(later);
    await shot(later, "dialogue-pictures");
    await second.locator("input[name=picture_reason]").fill("Người trong ảnh đề nghị gỡ.");
    await second.getByRole("button", { name: "Gỡ xuống và xóa tệp" }).click();
    await expect(later.locator(".flash")).toContainText("Đã gỡ xuống");
    await expect(later.locator("#anh")).toContainText("Người trong ảnh đề nghị gỡ.");
    await page.goto(told);
    await expect(page.locator(".photo-grid")).toHaveCount(0);
    await later.locator("textarea[name=promise]").fill("Đo lại ranh giới rừng thôn Nà Hin");
    await later.locator("select[name=owner]").selectOption({ index: 2 });
    await later.locator("input[name=promise_day]").fill(inDays(60));
    await later.getByRole("button", { name: "Ghi lời hứa" }).click();
    await expect(later.locator("#loi-hua")).toContainText("Đo lại ranh giới rừng thôn Nà Hin");
    await later.locator("textarea[name=outcome]").fill("**Ranh giới.** Đo lại trước ngày 31/3.\n\n- Hạt Kiểm lâm đo\n- Thôn cử người chứng kiến");
    await later.getByRole("button", { name: "Công bố" }).click();
    await expect(later.locator(".flash")).toContainText("Đã công bố kết quả");
    await page.goto(told);
    // Browsers keep public pages for a minute; whoever reloads sees what is new.
    await page.reload();
    await expect(page.locator(".md li")).toHaveCount(2);
    await expect(page.locator(".photo-grid img")).toHaveCount(1);
    const picture = page.getByRole("img", { name: "Bà con xem bản đồ ranh giới rừng" });
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    const whole = await page.request.get(`${portal.url}${await page.locator(".photo-grid a").getAttribute("href")}`);
    expect((await whole.body()).toString("latin1")).not.toContain(PHOTO_SECRET);
    await expect(page.locator(".promise")).toContainText("Đo lại ranh giới rừng thôn Nà Hin");
    await axe(page);
    await shot(page, "dialogue-outcome");
    await page.goto(`${portal.url}/doi-thoai/theo-co-quan`);
    await expect(page.locator("tr", { hasText: "UBND xã Phủ Thông" })).toContainText(/\d \/ 1/);
    await axe(page);
    await shot(page, "dialogue-proof");
  } finally {
    await portal.stop();
  }
});

test("a dialogue that was called off stays in the feed as cancelled", async ({ page }) => {
  const portal = await Server.start();
  try {
    await signInAs(page, "duyet.chodon", portal.url);
    await page.goto(`${portal.url}/can-bo/doi-thoai`);
    await page.getByRole("link", { name: "Mỏ đá Nà Bó và xe tải qua thôn" }).click();
    await page.locator("summary", { hasText: "Không tổ chức nữa" }).click();
    await page.locator("#cancel-reason").fill("Đã gặp dân tại mỏ.");
    await page.getByRole("button", { name: "Không tổ chức", exact: true }).click();
    await expect(page.locator(".flash")).toContainText("không tổ chức");
    const answer = await page.request.get(`${portal.url}/doi-thoai/lich.ics`);
    const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
    const events = calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));
    expect(events.length).toBeGreaterThan(3);
    const cancelled = events.filter((event) => event.component.getFirstPropertyValue("status") === "CANCELLED");
    expect(cancelled.map((event) => event.summary)).toEqual(["Không tổ chức – Đối thoại: Mỏ đá Nà Bó và xe tải qua thôn"]);
  } finally {
    await portal.stop();
  }
});
