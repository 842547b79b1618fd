// What the browser itself keeps of a denunciation: its files on the disk, after everything was closed. Phones are lent, and an internet café
// has many users.
import { chromium } from "@playwright/test";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { follow, send } from "../lib/steps";
import { expect, test } from "../lib/test";

/** What is typed, each with a sign that stands nowhere else. */
const typed = {
  title: "Cán bộ nhận tiền qztctitle",
  body: "Ông ấy nhận hai mươi triệu qztcbody",
  place: "sau chợ qztcplace",
  name: "Lý Thị Qztcname",
  address: "thôn Qztcaddress",
  phone: "0981220002",
  email: "qztcmail@vi-du.example",
};
const SIGNS = ["qztctitle", "qztcbody", "qztcplace", "qztcname", "qztcaddress", "0981220002", "qztcmail"];

/** All files of a folder. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Which signs stand in which files, as bytes of one or of two for a letter. */
async function signsIn(folder: string): Promise<string[]> {
  const found = [];
  for (const file of await filesOf(folder)) {
    const bytes = await readFile(file);
    const texts = [bytes.toString("latin1").toLowerCase(), bytes.toString("utf16le").toLowerCase(), bytes.subarray(1).toString("utf16le").toLowerCase()];
    for (const sign of SIGNS) {
      if (texts.some((text) => text.includes(sign))) found.push(`${sign} in ${file.slice(folder.length)}`);
    }
  }
  return found;
}

test("a denunciation leaves nothing in the browser's own files", async ({ server, withScripts, launchOptions, viewport }) => {
  const profile = await mkdtemp(join(tmpdir(), "nghedan-profile-"));
  try {
    const options = { ...launchOptions, baseURL: server.url, javaScriptEnabled: withScripts, viewport };
    const context = await chromium.launchPersistentContext(profile, options);
    const page = await context.newPage();
    await page.goto("/gui");
    // Typed before the kind is chosen, and then left for a while.
    await page.locator("input[name=title]").fill(typed.title);
    await page.locator("textarea[name=body]").fill(typed.body);
    await page.locator("input[name=kind][value=denunciation]").check();
    await page.getByRole("button", { name: "Tiếp tục" }).last().click();
    await expect(page).toHaveURL(/\/gui\/o-dau$/);
    await page.locator("select[name=area]").selectOption("01969");
    for (const field of ["place", "name", "address", "phone", "email"] as const) {
      await page.locator(`input[name=${field}]`).fill(typed[field]);
    }
    await page.getByRole("button", { name: "Tiếp tục" }).last().click();
    await expect(page).toHaveURL(/\/gui\/kiem-tra$/);
    // Somebody goes back, changes nothing, and sends after all.
    await page.goBack();
    await page.goForward();
    await page.goto("/gui/kiem-tra");
    const code = await send(page);
    await follow(page, code);
    if (withScripts) {
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]).toLowerCase());
      expect(SIGNS.filter((sign) => kept.includes(sign))).toEqual([]);
    }
    await page.getByRole("button", { name: /Thoát|Đóng đơn|Kết thúc/ }).first().click();
    await context.close();
    expect((await filesOf(profile)).length, "the browser kept files").toBeGreaterThan(10);
    expect(await signsIn(profile)).toEqual([]);
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
});
