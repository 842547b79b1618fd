// What an administrator lends ends by itself, everybody's deeds are written down, and whoever kept a mark can tell that nothing was changed.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { Server, binary } from "../lib/server";
import { desk, signInAs } from "../lib/steps";
import { expect, test } from "../lib/test";

const run = promisify(execFile);

function inDays(days: number): string {
  // The portal's day is that of Viet Nam.
  return new Date(Date.now() + 7 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
}

test("a role is lent, deeds are read, and the record is checked against a kept mark", async ({ browser, page, shot, axe }, info) => {
  const portal = await Server.start();
  try {
    await signInAs(page, "quantri.phuthong", portal.url);
    await page.goto(`${portal.url}/can-bo/tai-khoan`);
    await page.locator("tr", { hasText: "xuly.phuthong" }).getByRole("link").click();
    const name = await page.locator("h1").innerText();
    await page.locator("select[name=role]").selectOption("head");
    await page.locator("select[name=agency]").selectOption({ index: 1 });
    await page.locator("select[name=capacity]").selectOption("acting");
    await page.getByRole("button", { name: "Thêm vai trò" }).click();
    await expect(page.locator("#errors")).toContainText("Hãy chọn ngày cuối");
    await expect(page.locator("select[name=capacity]")).toHaveValue("acting");
    await axe(page);
    await shot(page, "account-lent");
    await page.locator("input[name=to]").fill(inDays(14));
    await page.getByRole("button", { name: "Thêm vai trò" }).click();
    await expect(page.locator("main")).toContainText("người đứng đầu (giao quyền, phụ trách)");

    await page.getByRole("link", { name: "Người này được làm gì" }).click();
    await expect(page.locator("h1")).toHaveText(`${name} được làm gì`);
    await expect(page.locator("tr", { hasText: "Duyệt trả lời" }).first()).toContainText("Được: người đứng đầu");
    await axe(page);
    await shot(page, "rights");

    const head = await desk(browser, info, portal.url, "lanhdao.phuthong");
    await head.goto(`${portal.url}/can-bo/nhat-ky`);
    await expect(head.locator("tbody")).toContainText(`Giao vai trò người đứng đầu (giao quyền, phụ trách)`);
    await expect(head.locator("tbody")).toContainText(`Xem quyền của ${name}`);
    await axe(head);
    await shot(head, "deeds");

    await portal.daysAhead(1);
    await expect(async () => {
      await page.goto(`${portal.url}/dau-so?${Date.now()}`);
      await expect(page.locator("tbody tr")).toHaveCount(2, { timeout: 1_000 });
    }).toPass();
    await axe(page);
    await shot(page, "anchors");

    const kept = join(portal.dataDir, "kept.txt");
    await writeFile(kept, await (await page.request.get(`${portal.url}/dau-so.txt`)).text());
    const verify = ["audit", "verify", "--data", portal.dataDir, "--anchors", kept];
    const clean = await run(binary, verify);
    expect(clean.stdout).toContain("the record is as it was written");
    // A mark that somebody kept, and the portal no longer has.
    await writeFile(kept, (await readFile(kept, "utf8")).trimEnd().replace(/\S+$/, "khac"));
    const wrong = await run(binary, verify).catch((error: { code: number; stdout: string }) => error);
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.stdout).toContain(`WRONG: anchor of ${inDays(0)}`);
  } finally {
    await portal.stop();
  }
});
