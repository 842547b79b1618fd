// The second step of signing in: codes with scripts off, passkeys with the browser's own virtual authenticator.
import { createHmac } from "node:crypto";
import { type Page } from "@playwright/test";

import { Server } from "../lib/server";
import { PASSWORD } from "../lib/steps";
import { expect, test } from "../lib/test";

const STEP_SECONDS = 30;

/** The thirty seconds a code is good for. */
const step = (): number => Math.floor(Date.now() / 1000 / STEP_SECONDS);

/** The code an application shows now (RFC 6238), once it is another than that of step `spent` and has some seconds left. */
async function code(secret: string, spent = -1): Promise<string> {
  await expect.poll(() => step() > spent && Date.now() % (STEP_SECONDS * 1000) < (STEP_SECONDS - 8) * 1000, { timeout: 2 * STEP_SECONDS * 1000 }).toBe(true);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step()));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19]! & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function password(page: Page, login: string): Promise<void> {
  await page.goto("/dang-nhap");
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("form.sign-in").first().getByRole("button", { name: "Đăng nhập" }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.locator("details.menu summary").click();
  await page.getByRole("button", { name: "Đăng xuất" }).click();
}

test("codes of an application, recovery codes and own sessions", async ({ page, shot, axe }, info) => {
  // A code is good once: the next one is waited for.
  test.slow();
  // Every project has an account of its own: the server is shared by the worker's tests.
  const portal = await Server.start({ NGHEDAN_SECOND_FACTOR: "required" });
  try {
    await page.goto(`${portal.url}/dang-nhap`);
    await page.locator("input[name=login]").fill("tiepnhan.phuthong");
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("form.sign-in").first().getByRole("button", { name: "Đăng nhập" }).click();
    await expect(page.locator("header")).toContainText("Hãy thêm bước bảo mật");
    await page.locator("header").getByRole("link", { name: /Hãy thêm bước bảo mật/ }).click();
    await expect(page.locator("h1")).toHaveText("Bảo mật đăng nhập");
    await axe(page);
    await shot(page, "second-none");
    await page.getByRole("button", { name: "Thêm ứng dụng tạo mã" }).click();
    const secret = await page.locator(".secret").innerText();
    await axe(page);
    await shot(page, "second-application");
    await page.locator("input[name=code]").fill("000000");
    await page.getByRole("button", { name: "Bắt đầu dùng" }).click();
    await expect(page.locator("#errors")).toContainText("Mã chưa đúng");
    await page.locator("input[name=code]").fill(await code(secret));
    const spent = step();
    await page.getByRole("button", { name: "Bắt đầu dùng" }).click();
    await expect(page.locator(".recovery li")).toHaveCount(10);
    const recovery = await page.locator(".recovery code").first().innerText();
    await axe(page);
    await shot(page, "second-recovery");
    await page.getByRole("link", { name: "Đã cất xong, đi tiếp" }).click();
    await expect(page.locator("main")).toContainText("Còn 10 mã");
    await expect(page.locator("header")).not.toContainText("Hãy thêm bước bảo mật");
    await shot(page, "second-on");

    await signOut(page);
    await page.locator("input[name=login]").fill("tiepnhan.phuthong");
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("form.sign-in").first().getByRole("button", { name: "Đăng nhập" }).click();
    await expect(page.locator("h1")).toHaveText("Thêm một bước nữa");
    await axe(page);
    await shot(page, "second-step");
    await page.goto(`${portal.url}/can-bo`);
    await expect(page).toHaveURL(/dang-nhap\?next=/);
    await page.goto(`${portal.url}/dang-nhap/buoc-hai`);
    // The next code: this one was spent when it proved the application.
    await page.locator("input[name=code]").fill(await code(secret, spent));
    await page.getByRole("button", { name: "Vào làm việc" }).click();
    await expect(page).toHaveURL(/\/can-bo$/);

    const other = await page.context().browser()!.newContext({ javaScriptEnabled: info.project.use.javaScriptEnabled ?? true });
    const there = await other.newPage();
    await there.goto(`${portal.url}/dang-nhap`);
    await there.locator("input[name=login]").fill("tiepnhan.phuthong");
    await there.locator("input[name=password]").fill(PASSWORD);
    await there.locator("form.sign-in").first().getByRole("button", { name: "Đăng nhập" }).click();
    await there.locator("input[name=code]").fill(recovery);
    await there.getByRole("button", { name: "Vào làm việc" }).click();
    await expect(there).toHaveURL(/\/can-bo$/);

    await page.goto(`${portal.url}/can-bo/phien`);
    await expect(page.locator("main li")).toHaveCount(2);
    await axe(page);
    await shot(page, "second-sessions");
    await page.getByRole("button", { name: "Kết thúc ở mọi nơi khác" }).click();
    await expect(page.locator(".flash")).toContainText("Đã kết thúc");
    await there.goto(`${portal.url}/can-bo`);
    await expect(there).toHaveURL(/dang-nhap/);
    await other.close();
  } finally {
    await portal.stop();
  }
});

test("a passkey is added, signs in as the second step and alone", async ({ browser, withScripts, shot, axe }, info) => {
  test.skip(!withScripts, "browsers ask devices for passkeys by script only; without, codes are the way");
  // Passkeys need a name under https, or localhost; of that any port will do.
  const portal = await Server.start({ NGHEDAN_PUBLIC_URL: "http://localhost" });
  const baseURL = portal.url.replace("127.0.0.1", "localhost");
  const context = await browser.newContext({ baseURL, viewport: info.project.use.viewport ?? null });
  try {
    const page = await context.newPage();
    const device = await context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await password(page, "duyet.phuthong");
    await expect(page).toHaveURL(/\/can-bo$/);
    await page.goto("/can-bo/bao-mat");
    await page.locator("input[name=name]").fill("Máy ở cơ quan");
    await page.getByRole("button", { name: "Thêm khóa truy cập" }).click();
    await expect(page.locator(".recovery li")).toHaveCount(10);
    await page.getByRole("link", { name: "Đã cất xong, đi tiếp" }).click();
    await expect(page.locator("main")).toContainText("Máy ở cơ quan");
    await axe(page);
    await shot(page, "second-passkey");

    await signOut(page);
    await password(page, "duyet.phuthong");
    await expect(page.locator("h1")).toHaveText("Thêm một bước nữa");
    await axe(page);
    await shot(page, "second-step-passkey");
    await page.getByRole("button", { name: "Dùng khóa truy cập" }).click();
    await expect(page).toHaveURL(/\/can-bo$/);

    await signOut(page);
    await axe(page);
    await shot(page, "sign-in-passkey");
    await page.getByRole("button", { name: "Dùng khóa truy cập" }).click();
    await expect(page).toHaveURL(/\/can-bo$/);
    await page.goto("/can-bo/bao-mat");
    await expect(page.locator("main")).toContainText("dùng lần cuối");
  } finally {
    await context.close();
    await portal.stop();
  }
});
