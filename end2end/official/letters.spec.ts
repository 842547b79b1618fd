// Templates of letters: the province's administrator looks at one as it will be printed, tries a change out, is told what is wrong, keeps it.
import { Server } from "../lib/server";
import { signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

test("a template is tried out, refused for a place nobody knows, and kept as a new version", async ({ page, shot, axe }) => {
  const server = await Server.start();
  try {
    await signInAs(page, "quantri.tinh", server.url);
    await page.goto(`${server.url}/can-bo/mau-van-ban`);
    await axe(page);
    await shot(page, "letter-templates");
    await page.getByRole("link", { name: "Thông báo thụ lý khiếu nại lần đầu" }).click();
    await expect(page.locator(".letter")).toContainText("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    await axe(page);
    await shot(page, "letter-template");
    const body = page.getByLabel("Nội dung");
    const before = await body.inputValue();
    await body.fill(`${before}\nNgười sinh {ngày sinh}.`);
    await page.getByRole("button", { name: "Lưu bản mới" }).click();
    await expect(page.locator("#errors li")).toContainText("ngày sinh");
    expect(await body.inputValue()).toContain("{ngày sinh}");
    await shot(page, "letter-template-refused");
    await body.fill(`${before}\nCơ quan sẽ giải thích nếu ông (bà) chưa rõ.`);
    await page.getByRole("button", { name: "Xem thử", exact: true }).click();
    await expect(page.locator(".letter")).toContainText("Cơ quan sẽ giải thích");
    await page.getByRole("button", { name: "Lưu bản mới" }).click();
    await expect(page.locator(".letter")).toContainText("Cơ quan sẽ giải thích");
    await expect(page.getByRole("heading", { name: "Các bản của mẫu" }).locator("..").locator("li")).toHaveCount(2);
  } finally {
    await server.stop();
  }
});
