// An official finds a similar petition, links it, takes the link back, splits a mixed petition and takes a list of signers over.
import { fillIn, follow, openCase, send, signIn } from "../lib/steps";
import { expect, test } from "../lib/test";

test("linking and unlinking, splitting, and a list of signers", async ({ page, browser, shot, axe, withScripts }, info) => {
  const tag = `${info.project.name} ${Date.now()}`;
  const [first, again] = [`Mương Khuổi Lót vỡ bờ ${tag}`, `Bờ mương Khuổi Lót lại vỡ ${tag}`];
  const body = "Nước tràn vào ruộng lúa của sáu hộ, bờ mương Khuổi Lót vỡ dài ba mét.";
  await fillIn(page, { kind: "report", title: first, body, name: "Hoàng Thị Mẫu", photos: 0 });
  await send(page);
  await page.context().clearCookies();
  await fillIn(page, { kind: "recommendation", title: again, body: `${body} Kế toán xã nhận tiền sửa mương nhưng không sửa.`, name: "Hoàng Thị Mẫu", photos: 0 });
  const code = await send(page);

  const context = await browser.newContext({ viewport: page.viewportSize(), javaScriptEnabled: withScripts, baseURL: new URL(page.url()).origin });
  const desk = await context.newPage();
  await signIn(desk, "tiepnhan");
  await openCase(desk, again, "tat-ca");
  const panel = desk.locator("#lien-quan");
  await expect(panel).toContainText("1 đơn · 1 vụ việc · 1 người");
  await expect(panel.locator(".related a", { hasText: first })).toBeVisible();
  await shot(desk, "relations-0-beside");
  await axe(desk);

  // link, see the figures change, take it back
  await panel.getByRole("link", { name: "Liên kết đơn" }).click();
  await desk.getByRole("radio", { name: first }).check();
  await desk.getByRole("radio", { name: /^Cùng vụ việc/ }).check();
  await shot(desk, "relations-1-link");
  await axe(desk);
  await desk.locator("textarea[name=link_reason]").fill("Cùng một đoạn mương");
  await desk.getByRole("button", { name: "Liên kết", exact: true }).click();
  await expect(desk.locator(".flash")).toContainText("Đã liên kết hai đơn");
  await expect(desk.getByText("2 đơn · 1 vụ việc").first()).toBeVisible();
  await shot(desk, "relations-2-linked");
  await desk.locator("summary", { hasText: "Gỡ liên kết" }).click();
  await desk.locator("textarea[name=unlink_reason]").fill("Hai đoạn mương khác nhau");
  await desk.getByRole("button", { name: "Gỡ liên kết" }).click();
  await expect(desk.locator(".flash")).toContainText("Đã gỡ liên kết");
  await expect(desk.getByText("1 đơn · 1 vụ việc").first()).toBeVisible();

  // split off the denunciation
  await openCase(desk, again, "tat-ca");
  await panel.getByRole("link", { name: "Tách đơn" }).click();
  await desk.locator("select[name=part_kind]").selectOption("denunciation");
  await desk.locator("input[name=part_title]").fill("Tố cáo kế toán xã");
  await desk.locator("textarea[name=part_text]").fill("Kế toán xã nhận tiền sửa mương nhưng không sửa.");
  await desk.locator("textarea[name=split_reason]").fill("Khác thủ tục");
  await desk.getByRole("button", { name: "Tách đơn" }).click();
  await expect(desk.locator("#errors")).toContainText("vẫn còn nguyên đoạn tố cáo");
  await desk.locator("textarea[name=rest_text]").fill(body);
  await shot(desk, "relations-3-split");
  await axe(desk);
  await desk.getByRole("button", { name: "Tách đơn" }).click();
  await expect(desk.locator(".flash")).toContainText("Đã tách");
  await expect(desk.locator(".related")).toContainText("Nội dung niêm phong");

  // a list of signers
  await openCase(desk, again, "tat-ca");
  await panel.getByRole("link", { name: "Người cùng ký" }).click();
  const names = ["Nông Văn Sài", "Hoàng Thị Phấy", "Triệu Sùn Phẩu", "Đàm Văn Kiệm"];
  await desk.locator("textarea[name=list]").fill(names.map((name, i) => `${i + 1}. ${name}; thôn Nà Món; 0900 000 30${i}; đã ký`).join("\n"));
  await desk.getByRole("button", { name: "Ghi danh sách" }).click();
  await expect(desk.locator(".flash")).toContainText("Đã ghi danh sách");
  await expect(desk.getByText("5 người").first()).toBeVisible();
  await expect(desk.locator("body")).not.toContainText("Nông Văn Sài");
  await shot(desk, "relations-4-signers");
  await axe(desk);
  await desk.goto("/can-bo/vu-viec");
  await expect(desk.locator(".related", { hasText: again })).toBeVisible();
  await shot(desk, "relations-5-matters");
  await axe(desk);
  await context.close();

  // the sender opens both parts with the one code
  await follow(page, code);
  await shot(page, "relations-6-sender");
  await axe(page);
  await page.getByRole("button", { name: "Mở phần kia" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tố cáo kế toán xã");
});
