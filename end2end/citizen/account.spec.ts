// A citizen's own page: a code by mail, cases put in by their codes, a denunciation that does not show, closing.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import type { Server } from "../lib/server";
import { fillIn, follow, send } from "../lib/steps";
import { expect, test } from "../lib/test";

/** The code in the one mail to an address. Mails are files of the portal's data folder, written by its worker. */
async function mailedCode(server: Server, to: string): Promise<string> {
  const folder = join(server.dataDir, "mail");
  let code = "";
  await expect(async () => {
    const codes = [];
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), "utf8");
      const [head = "", ...rest] = text.split(/\r?\n\r?\n/);
      if (!head.includes(to)) continue;
      const body = rest.join("\n\n");
      const words = /base64/i.test(head) ? Buffer.from(body, "base64").toString("utf8") : body.replace(/=\r?\n/g, "");
      const found = /\b(\d{6})\b/.exec(words);
      if (found?.[1]) codes.push(found[1]);
    }
    expect(codes).toHaveLength(1);
    code = codes[0] ?? "";
  }).toPass({ timeout: 15_000 });
  return code;
}

test("all cases in one place, none of them a denunciation", async ({ page, server, shot, axe }, info) => {
  const contact = `mau-${info.project.name}@vi-du.example`;
  const report = { kind: "report", title: `Đường hỏng ${info.project.name}`, body: "Đã ba tuần nay.", name: "Hoàng Thị Mẫu", photos: 0 };
  await fillIn(page, report);
  const code = await send(page);
  await page.getByRole("button", { name: "Gửi đơn khác" }).click();
  const secret = { ...report, kind: "denunciation", title: `Cán bộ nhận tiền ${info.project.name}` };
  await fillIn(page, secret);
  const secretCode = await send(page);

  await page.goto("/tra-cuu");
  await page.getByRole("link", { name: "Trang của tôi" }).click();
  await expect(page).toHaveURL(/\/toi\/vao$/);
  await shot(page, "trang-vao");
  await axe(page);
  await page.locator("input[name=email]").fill("khong phai email");
  await page.getByRole("button", { name: "Gửi mã cho tôi" }).click();
  await expect(page.locator(".summary-errors")).toContainText("chưa đúng");
  await page.locator("input[name=email]").fill(contact);
  await page.getByRole("button", { name: "Gửi mã cho tôi" }).click();
  await expect(page).toHaveURL(/\/toi\/ma$/);
  await shot(page, "trang-ma");
  await axe(page);
  await page.locator("input[name=code]").fill(await mailedCode(server, contact));
  await page.getByRole("button", { name: "Vào trang của tôi" }).click();
  await expect(page).toHaveURL(/\/toi$/);
  await shot(page, "trang-trong");
  await axe(page);

  await page.locator("input[name=code]").fill(code);
  await page.getByRole("button", { name: "Đưa vào trang của tôi" }).click();
  await expect(page.locator(".flash")).toContainText("Đã đưa đơn vào");
  await expect(page.locator("main")).toContainText(report.title);
  await page.locator("input[name=code]").fill(secretCode);
  await page.getByRole("button", { name: "Đưa vào trang của tôi" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đơn này là tố cáo");
  await shot(page, "trang-to-cao");
  await axe(page);
  await page.getByText("Tôi hiểu và vẫn muốn", { exact: false }).click();
  await page.getByRole("button", { name: "Nhớ giúp tôi" }).click();
  await expect(page.locator("main")).toContainText("Một đơn giữ kín");
  await expect(page.locator("main")).not.toContainText("Cán bộ nhận tiền");
  await shot(page, "trang-don");
  await axe(page);

  await page.getByRole("button", { name: `Mở đơn: ${report.title}` }).click();
  await expect(page).toHaveURL(/\/tra-cuu\/don$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(report.title);
  await page.getByRole("link", { name: "Trang của tôi" }).click();
  await page.getByText("Tên và liên hệ điền sẵn", { exact: true }).click();
  await page.locator("input[name=name]").fill("Hoàng Thị Mẫu");
  await page.locator("input[name=phone]").fill("0912 345 678");
  await page.getByRole("button", { name: "Lưu" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Chào Hoàng Thị Mẫu");

  await page.getByText("Đóng trang này", { exact: true }).click();
  await page.getByText("Tôi muốn đóng trang của tôi").click();
  await page.getByRole("button", { name: "Đóng trang", exact: true }).click();
  await page.goto("/toi");
  await expect(page).toHaveURL(/\/toi\/vao$/);
  await follow(page, code);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(report.title);
});
