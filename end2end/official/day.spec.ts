// The officials' day: a filter kept under a name, one act on many cases, a mark with its reason, a colleague named in a note, who
// has a case open, a ready-made answer, the leader's page. Everything is done with the keyboard's and the pointer's plain means.
import { fillIn, openCase, send, signIn, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

/** Opens a folded part by its words, unless it is open. */
async function open(page: import("@playwright/test").Page, selector: string): Promise<void> {
  const details = page.locator(selector).first();
  if ((await details.getAttribute("open")) === null) await details.locator("summary").first().click();
}

/** Files a report. */
async function file(page: import("@playwright/test").Page, title: string): Promise<void> {
  await fillIn(page, { kind: "report", title, body: "Mặt đường lún, xe máy khó đi.", name: "", photos: 0 });
  await send(page);
}

/** Files a report, takes it up as intake, and stays on its page. */
async function newCase(page: import("@playwright/test").Page, title: string): Promise<void> {
  await file(page, title);
  await signIn(page, "tiepnhan");
  await openCase(page, title);
  await page.getByRole("button", { name: "Tiếp nhận" }).first().click();
  await expect(page.locator(".flash")).toBeVisible();
}

test("a filter is put together, kept under a name, renamed and forgotten", async ({ page, shot, axe }) => {
  await signIn(page, "tiepnhan");
  await page.goto("/can-bo?phan=tat-ca");
  await open(page, ".filter-fold");
  await page.locator("select[name=loai]").selectOption("report");
  await page.locator("select[name=han]").selectOption("sau");
  await shot(page, "20-filter");
  await axe(page);
  await page.getByRole("button", { name: "Lọc danh sách" }).click();
  await expect(page).toHaveURL(/loai=report.*han=sau/);
  await expect(page.locator(".chip.on", { hasText: "Phản ánh" })).toBeVisible();
  await expect(page.getByText(/đơn phù hợp/)).toBeVisible();
  await page.locator("summary", { hasText: "Lưu bộ lọc này" }).click();
  await page.locator("input[name=filter_name]").fill("Phản ánh còn hạn");
  await page.getByRole("button", { name: "Lưu", exact: true }).click();
  const chip = page.locator(".saved-filters .chip", { hasText: "Phản ánh còn hạn" });
  await expect(chip).toHaveAttribute("aria-current", "true");
  await shot(page, "21-filtered");
  await axe(page);
  // Another place and back by the name; the browser's back button as well.
  await page.goto("/can-bo?phan=qua-han");
  await chip.click();
  await expect(page).toHaveURL(/loai=report.*han=sau/);
  await page.goBack();
  await expect(page).toHaveURL(/phan=qua-han/);
  await page.goto("/can-bo/bo-loc");
  await shot(page, "22-saved");
  await axe(page);
  await page.locator("input[name=new_name]").fill("Còn hạn");
  await page.getByRole("button", { name: "Đổi tên" }).first().click();
  await expect(page.getByRole("link", { name: "Còn hạn" })).toBeVisible();
  await page.getByRole("button", { name: "Xóa bộ lọc Còn hạn" }).click();
  await expect(page.getByRole("link", { name: "Còn hạn" })).toHaveCount(0);
});

test("many cases are tagged and reminded at once, and the page says what became of each", async ({ page, shot, axe, expectedErrors }, info) => {
  expectedErrors.push(/422/);
  const where = info.project.name.replace(/-/g, " ");
  const tag = `đợt ${where}`;
  // Cases of its own: how many of the made-up ones are still open at this leader's agency is a matter of the day.
  const titles = [`Ổ gà trước cổng chợ ${where}`, `Ổ gà sau cổng chợ ${where}`];
  for (const [n, title] of titles.entries()) {
    if (n > 0) {
      await page.goto("/gui");
      await page.getByRole("button", { name: "Gửi đơn khác" }).click();
    }
    await file(page, title);
  }
  await signIn(page, "lanhdao");
  await page.goto("/can-bo?phan=tat-ca");
  for (const title of titles) await page.getByRole("checkbox", { name: title }).check();
  await open(page, ".bulk");
  await page.locator("select[name=bulk]").selectOption("tag");
  await page.getByRole("button", { name: "Làm với mọi đơn đã chọn" }).click();
  await expect(page.locator("#errors")).toContainText("Hãy viết nhãn.");
  await expect(page.locator(".pick input:checked")).toHaveCount(2);
  await page.locator("input[name=bulk_tag]").fill(tag);
  await shot(page, "23-bulk");
  await axe(page);
  await page.getByRole("button", { name: "Làm với mọi đơn đã chọn" }).click();
  await expect(page.locator(".bulk-line .clock.ok")).toHaveCount(2);
  await shot(page, "24-bulk-result");
  await axe(page);
  await page.locator(".bulk-line a").first().click();
  await expect(page.locator("main a.tag", { hasText: `#${tag}` })).toBeVisible();
  await page.locator("main a.tag", { hasText: `#${tag}` }).click();
  await expect(page.locator(".queue a.item")).toHaveCount(2);
});

test("a mark with its reason, a colleague named in a note, and who has the case open", async ({ browser, page, server, viewport, withScripts, shot, axe }, info) => {
  test.setTimeout(120_000);
  const title = `Việc để nhắc nhau ${info.project.name.replace(/-/g, " ")}`;
  await newCase(page, title);
  const address = new URL(page.url()).pathname;
  await unfold(page, "danh-dau");
  await page.locator("select[name=mark]").selectOption("+du-luan");
  await page.locator("textarea[name=mark_reason]").fill("Báo đã đăng hai bài.");
  await page.locator("#buoc-danh-dau button").click();
  await expect(page.locator(".flag-lines")).toContainText("Báo đã đăng hai bài.");
  await unfold(page, "ghi-chu");
  const note = page.locator("textarea[name=note]");
  if (withScripts) {
    await expect(async () => {
      await note.fill("");
      await note.pressSequentially("Nhờ @");
      await expect(page.locator(".mention-names button").first()).toBeVisible({ timeout: 500 });
    }).toPass();
  } else {
    await note.fill("Nhờ xem giúp.");
  }
  const head = await page.locator("select[name=mention] option").evaluateAll((options) => options.map((option) => [(option as HTMLOptionElement).value, option.textContent ?? ""]));
  const colleague = await browser.newContext({ baseURL: server.url, viewport, javaScriptEnabled: info.project.use.javaScriptEnabled ?? true });
  const desk = await colleague.newPage();
  await signIn(desk, "lanhdao");
  const name = (await desk.locator("details.menu summary").innerText()).trim();
  const chosen = head.find(([, words]) => words === name);
  expect(chosen, `${name} may be named`).toBeTruthy();
  if (withScripts) {
    await note.pressSequentially(name.split(" ").at(-1) ?? name);
    await page.locator(".mention-names button", { hasText: name }).click();
    await expect(note).toHaveValue(`Nhờ @${name} `);
  } else {
    await page.locator("select[name=mention]").selectOption(chosen?.[0] ?? "");
  }
  await page.locator("#buoc-ghi-chu").getByRole("button", { name: "Ghi chú" }).last().click();
  await expect(page.locator(".flash")).toContainText("Đã ghi chú");
  await expect(page.locator(".msg-note").last()).toContainText(name);
  await desk.goto("/can-bo?phan=nhac-den-toi");
  await expect(desk.locator(".queue a.item", { hasText: title })).toContainText("đang mở việc này");
  await shot(desk, "25-nudged");
  await axe(desk);
  await desk.goto(address);
  await expect(desk.locator(".viewing")).toContainText("đang mở việc này từ");
  await expect(desk.locator("#nhac")).toContainText("nhắc đến bạn");
  await shot(desk, "26-nudge");
  await axe(desk);
  await desk.locator("#nhac button").click();
  await expect(desk.locator("#nhac")).toHaveCount(0);
  if (withScripts) {
    // Leaving takes the mark away.
    await page.goto("/can-bo");
    await expect(async () => {
      await desk.reload();
      await expect(desk.locator(".viewing")).toHaveCount(0, { timeout: 500 });
    }).toPass();
  }
  await colleague.close();
});

test("a ready-made answer is written, put into an answer, and counted", async ({ page, withScripts, shot, axe, expectedErrors }, info) => {
  expectedErrors.push(/422/);
  const name = `Hẹn ngày ${info.project.name.replace(/-/g, " ")}`;
  await signIn(page, "lanhdao");
  await page.goto("/can-bo/cau-mau");
  await page.locator("input[name=canned_name]").fill(name);
  await page.locator("textarea[name=canned_body]").fill("Mã {ma_viec}, hạn {han}.");
  await page.getByRole("button", { name: "Lưu câu mẫu" }).click();
  await expect(page.locator("#errors")).toContainText("{ma_viec}");
  await shot(page, "27-canned-refused");
  await axe(page);
  await page.locator("textarea[name=canned_body]").fill("{co_quan} trả lời chậm nhất {han}.");
  await page.getByRole("button", { name: "Lưu câu mẫu" }).click();
  await expect(page.locator("tbody tr", { hasText: name })).toContainText("chưa dùng");
  await shot(page, "28-canned");
  await axe(page);
  const title = `Việc để trả lời mẫu ${info.project.name.replace(/-/g, " ")}`;
  await newCase(page, title);
  await signIn(page, "lanhdao");
  await openCase(page, title);
  await unfold(page, "tra-loi");
  const answer = page.locator("textarea[name=answer]");
  await answer.fill("Chào ông bà.");
  const form = page.locator("#buoc-tra-loi");
  await form.locator("select[name=canned]").selectOption({ label: name });
  if (withScripts) await page.waitForLoadState("networkidle");
  await form.getByRole("button", { name: "Chèn" }).click();
  await expect(answer).toHaveValue(/^Chào ông bà\.\n\n.*trả lời chậm nhất \d+\/\d+\/\d+\./);
  await shot(page, "29-canned-in-answer");
  await axe(page);
  await form.locator("button[value=send]").click();
  await expect(page.locator(".flash")).toBeVisible();
  await page.goto("/can-bo/cau-mau");
  await expect(page.locator("tbody tr", { hasText: name })).not.toContainText("chưa dùng");
});

test("the leader's page: every number leads to its cases", async ({ page, shot, axe }) => {
  await signIn(page, "lanhdao");
  await page.locator("header nav").getByRole("link", { name: "Lãnh đạo" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tình hình giải quyết");
  await shot(page, "30-leader");
  await axe(page);
  const late = page.locator(".figures a").first();
  const count = Number((await late.locator("b").innerText()).replace(/\D/g, ""));
  await late.click();
  await expect(page).toHaveURL(/han=qua-han/);
  if (count <= 50) await expect(page.locator(".queue a.item")).toHaveCount(count);
  await shot(page, "31-late");
});
