// A citizen asks a question before a dialogue, an official lets it be read, another citizen supports it; what is refused says why; the
// agenda is published. With scripts, what is typed outlives a page that was left.
import type { Page } from "@playwright/test";

import { Server } from "../lib/server";
import { desk } from "../lib/steps";
import { expect, test } from "../lib/test";

const TITLE = "Chăn nuôi, nước thải và mùi hôi";

/** The public page of the dialogue, from the list. */
async function dialogue(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/doi-thoai`);
  await page.getByRole("link", { name: TITLE }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(TITLE);
  return new URL(page.url()).pathname;
}

test("a question is asked, read, supported and answered for", async ({ page, browser, shot, axe, withScripts }, info) => {
  const server = await Server.start();
  try {
    const path = await dialogue(page, server.url);
    await shot(page, "question-0-dialogue");
    await page.getByRole("link", { name: "Đặt câu hỏi" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đặt câu hỏi cho lãnh đạo");
    const words = "Đêm nào trại cũng xả nước thải ra suối, xã có cho người trực ban đêm không?";
    if (withScripts) {
      // Somebody calls, the page is left, and nothing is lost.
      await page.locator("textarea[name=body]").fill(words);
      await expect(page.locator(".saved")).toBeVisible();
      page.once("dialog", (left) => void left.accept());
      await page.goto(`${server.url}${path}`);
      await page.getByRole("link", { name: "Đặt câu hỏi" }).click();
      await expect(page.locator("textarea[name=body]")).toHaveValue(words);
    }
    await page.locator("textarea[name=body]").fill("Suối hôi?");
    await page.locator("input[name=name]").fill("Phó Chủ tịch xã");
    await page.getByRole("button", { name: "Gửi câu hỏi" }).click();
    await expect(page.locator("#errors li")).toHaveCount(2);
    await shot(page, "question-1-wrong");
    await axe(page);
    await page.locator("input[name=name]").fill("Chị Dín, thôn Nà Món");
    await page.locator("textarea[name=body]").fill("Trại lợn đầu thôn Nà Món xả thẳng ra suối hôi lắm, bao giờ bắt làm bể chứa?");
    await page.getByRole("button", { name: "Gửi câu hỏi" }).click();
    await expect(page.locator("#giong")).toContainText("Trại lợn đầu thôn Nà Món xả thẳng ra suối");
    await shot(page, "question-2-similar");
    await axe(page);
    await page.locator("textarea[name=body]").fill(words);
    await page.getByRole("button", { name: "Câu của tôi khác, gửi đi" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã nhận câu hỏi");
    const code = (await page.locator(".code-big").innerText()).replace(/\s+/g, " ").trim();
    await shot(page, "question-3-receipt");
    await axe(page);
    await page.goto(`${server.url}/doi-thoai/cau-hoi`);
    await page.locator("input[name=code]").fill(code);
    await page.getByRole("button", { name: "Xem câu hỏi" }).click();
    await expect(page.locator("main")).toContainText("Cán bộ chưa đọc xong câu này");
    await shot(page, "question-4-mine");
    await axe(page);
    await page.locator("textarea[name=body]").fill(`${words} Ai trực?`);
    await page.getByRole("button", { name: "Lưu câu đã sửa" }).click();
    await expect(page.locator("main")).toContainText("Đã lưu câu đã sửa");

    const official = await desk(browser, info, server.url, "tiepnhan.phuthong");
    await official.goto("/can-bo/doi-thoai");
    await official.getByRole("link", { name: TITLE }).click();
    await official.getByRole("link", { name: "Câu hỏi của người dân" }).click();
    await expect(official.locator("main")).toContainText("Ai trực?");
    await shot(official, "question-5-queue");
    await axe(official);
    await official.locator("li", { hasText: "Ai trực?" }).getByRole("link").first().click();
    await shot(official, "question-6-desk");
    await axe(official);
    await official.locator("textarea[name=public_text]").fill("Ban đêm ai trực để trại không xả nước thải ra suối?");
    await official.getByRole("button", { name: "Đăng", exact: true }).click();
    await expect(official.locator(".flash")).toContainText("Đã đăng câu hỏi");
    await official.getByRole("link", { name: "Tất cả câu hỏi của cuộc đối thoại" }).click();
    await official.locator("ul.list-cases a").first().click();
    await official.locator("summary", { hasText: "Không đăng" }).click();
    await official.locator("select[name=reason]").selectOption("off_topic");
    await official.getByRole("button", { name: "Không đăng câu này" }).click();
    await expect(official.locator(".flash")).toContainText("lý do hiện công khai");
    await official.goto("/can-bo/doi-thoai");
    await official.getByRole("link", { name: TITLE }).click();
    await official.getByRole("link", { name: "Chương trình", exact: true }).click();
    await shot(official, "question-7-agenda-desk");
    await axe(official);
    await official.getByRole("button", { name: "Lưu chương trình" }).click();
    await expect(official.locator(".flash")).toContainText("Đã lưu chương trình");

    // Somebody else, on another phone.
    await page.context().clearCookies();
    await page.goto(`${server.url}${path}/cau-hoi?xem=moi`);
    const item = page.locator("li", { hasText: "Ban đêm ai trực" });
    await expect(item).toContainText("Chưa có ai ủng hộ");
    await item.getByRole("button").click();
    await expect(page.locator("li", { hasText: "Ban đêm ai trực" })).toContainText("1 người ủng hộ, tính theo máy");
    await expect(page.locator("#khong-dang")).toContainText("Không thuộc chủ đề của cuộc đối thoại");
    await shot(page, "question-8-list");
    await axe(page);
    await page.locator("li", { hasText: "Ban đêm ai trực" }).getByRole("link").first().click();
    await expect(page.locator(".flash")).toContainText("Bạn đã ủng hộ câu hỏi này");
    await shot(page, "question-9-one");
    await axe(page);
    await page.getByRole("button", { name: "Thôi ủng hộ" }).click();
    await expect(page.locator("#ung-ho")).toContainText("Chưa có ai ủng hộ");
    await page.goto(`${server.url}${path}/chuong-trinh`);
    await expect(page.locator("main")).toContainText("1. Mùi hôi và nước thải ra suối");
    await shot(page, "question-10-agenda");
    await axe(page);
    await official.context().close();
  } finally {
    await server.stop();
  }
});
