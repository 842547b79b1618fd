// A real provider of OpenID Connect says who an official and who a citizen is; then it is away, and the local ways are there.
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CLIENT, Idp, LEVEL, SECRET } from "../lib/provider";
import { Server } from "../lib/server";
import { PASSWORD, desk, fillIn, send, signIn } from "../lib/steps";
import { expect, test as base } from "../lib/test";
import type { Page } from "@playwright/test";

const people = {
  "can-bo-17": { name: "Nông Thị Hà", email: "ha@phuthong.example" },
  "cong-dan-5": { name: "Hoàng Thị Mẫu", id_number: "019087001234" },
};

const test = base.extend<object, { idp: Idp }>({
  idp: [
    async ({}, use) => {
      const idp = await Idp.start(people);
      await use(idp);
      await idp.goAway();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ idp }, use) => {
      const secret = join(tmpdir(), `nghedan-e2e-secret-${process.pid}`);
      await writeFile(secret, `${SECRET}\n`);
      const server = await Server.start({
        // The provider runs on this machine: no portal asks a private address unless it was told to.
        NGHEDAN_ALLOW_OUTGOING: "127.0.0.1",
        NGHEDAN_STAFF_OIDC: idp.issuer,
        NGHEDAN_STAFF_OIDC_CLIENT: CLIENT.staff,
        NGHEDAN_STAFF_OIDC_SECRET_FILE: secret,
        NGHEDAN_CITIZEN_OIDC: idp.issuer,
        NGHEDAN_CITIZEN_OIDC_CLIENT: CLIENT.citizens,
        NGHEDAN_CITIZEN_OIDC_SECRET_FILE: secret,
        NGHEDAN_CITIZEN_OIDC_LEVELS: LEVEL,
      });
      idp.serve(server.url);
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

/** Says at the provider's own page who one is. */
async function answerAs(page: Page, who: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "Danh bạ thử" })).toBeVisible();
  await page.locator("input[name=who]").fill(who);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
}

test("an official is bound by the administrator and signs in through the staff directory", async ({ page, browser, server, shot, axe }, info) => {
  await page.goto("/dang-nhap");
  await shot(page, "dang-nhap-danh-ba");
  await axe(page);
  await page.getByRole("button", { name: "Đăng nhập bằng danh bạ" }).click();
  await axe(page);
  await page.getByRole("link", { name: "Sang danh bạ" }).click();
  // Broken off at the provider: nothing has happened, and the password is there.
  await page.getByRole("button", { name: "Thôi" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Việc đăng nhập đã dừng");
  await axe(page);
  await page.getByRole("button", { name: "Thử lại với danh bạ" }).click();
  await page.getByRole("link", { name: "Sang danh bạ" }).click();
  await answerAs(page, "can-bo-17");

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Chưa có tài khoản nào gắn với bạn");
  const code = await page.locator(".code-big").innerText();
  await shot(page, "danh-ba-chua-gan");
  await axe(page);
  await page.goto("/can-bo");
  await expect(page).toHaveURL(/\/dang-nhap/);

  const admin = await desk(browser, info, server.url, "quantri.phuthong");
  await admin.goto("/can-bo/tai-khoan");
  await admin.locator("tbody tr", { hasText: "xử lý" }).first().getByRole("link").first().click();
  const account = admin.url();
  await admin.locator("input[name=directory_code]").fill(code.toLowerCase());
  await admin.getByRole("button", { name: "Xem là ai" }).click();
  await expect(admin.locator("main")).toContainText("ha@phuthong.example");
  await shot(admin, "danh-ba-xac-nhan");
  await axe(admin);
  await admin.getByRole("button", { name: "Đúng, gắn vào tài khoản" }).click();
  await expect(admin.locator(".flash")).toContainText("Đã gắn");
  await shot(admin, "tai-khoan-danh-ba");
  await axe(admin);

  // Where one was going is where one arrives. The provider knows who is signed in there and does not ask again.
  await page.goto("/can-bo/mat-khau");
  await page.getByRole("button", { name: "Đăng nhập bằng danh bạ" }).click();
  await page.getByRole("link", { name: "Sang danh bạ" }).click();
  await expect(page).toHaveURL(/\/can-bo\/mat-khau$/);

  await admin.goto(account);
  await admin.getByRole("button", { name: "Gỡ khỏi danh bạ" }).click();
  await expect(admin.locator(".flash")).toContainText("Đã gỡ");
  await page.goto("/can-bo/mat-khau");
  await expect(page).toHaveURL(/\/dang-nhap/);
  await admin.context().close();
});

test("a citizen proves name and number with the national identity and files with both filled in", async ({ page, server, shot, axe }) => {
  await page.goto("/toi");
  await expect(page).toHaveURL(/\/toi\/vao$/);
  await shot(page, "toi-vao");
  await axe(page);
  await page.getByRole("button", { name: "Vào bằng định danh quốc gia" }).click();
  await page.getByRole("link", { name: "Sang định danh quốc gia" }).click();
  await answerAs(page, "cong-dan-5");
  await expect(page).toHaveURL(`${server.url}/toi`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Chào Hoàng Thị Mẫu");
  await page.getByText("Tên và liên hệ điền sẵn", { exact: true }).click();
  await expect(page.locator("main")).toContainText(`mức ${LEVEL}`);
  await expect(page.locator("main")).toContainText("0xxxxxxxx234");
  await axe(page);
  await page.getByRole("button", { name: "Gửi đơn mới" }).click();
  await expect(page).toHaveURL(/\/gui$/);
  await page.locator("input[name=kind][value=complaint]").check();
  await page.locator("input[name=title]").fill("Quyết định thu hồi đất");
  await page.locator("textarea[name=body]").fill("Tôi không đồng ý với quyết định này.");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page.locator("input[name=name]")).toHaveValue("Hoàng Thị Mẫu");
  await expect(page.locator("input[name=id_number]")).toHaveValue("019087001234");
  // The next one on this phone is asked who they are.
  await page.goto("/toi");
  await page.getByRole("button", { name: "Thoát", exact: true }).click();
  await page.getByRole("button", { name: "Vào bằng định danh quốc gia" }).click();
  await page.getByRole("link", { name: "Sang định danh quốc gia" }).click();
  await expect(page.getByRole("heading", { name: "Danh bạ thử" })).toBeVisible();
});

test("a provider that is away leaves every local way", async ({ page, idp, server, shot, axe }) => {
  await server.restart();
  await idp.goAway();
  await page.goto("/dang-nhap");
  await page.getByRole("button", { name: "Đăng nhập bằng danh bạ" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Danh bạ cán bộ chưa trả lời");
  await shot(page, "danh-ba-khong-tra-loi");
  await axe(page);
  await page.getByRole("link", { name: "Đăng nhập bằng mật khẩu" }).click();
  await page.locator("input[name=password]").fill(PASSWORD);
  await signIn(page, "tiepnhan");
  await page.goto("/toi");
  await page.getByRole("button", { name: "Vào bằng định danh quốc gia" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Định danh quốc gia chưa trả lời");
  await axe(page);
  await fillIn(page, { kind: "report", title: "Cống bị tắc", body: "Từ hôm qua.", name: "Tú", photos: 0 });
  expect(await send(page)).toMatch(/^\S{4} \S{4} \S{4} \S{4}$/);
  await idp.comeBack();
});
