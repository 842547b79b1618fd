// What people do on the portal, as steps that journeys share. Everything works with scripts off; nothing here needs them.
import { type Browser, type Page, type TestInfo, expect } from "@playwright/test";

import { photo } from "./photos";

/** The password of every demo account. */
export const PASSWORD = "nghe dan 2026";

/** What a citizen files in the journeys. */
export type Petition = { kind: string; title: string; body: string; name: string; photos: number };

/** Fills in the three screens and stops before sending; `url` is the portal's, where the page does not know it. */
export async function fillIn(page: Page, petition: Petition, url = ""): Promise<void> {
  await page.goto(`${url}/gui`);
  await page.locator(`input[name=kind][value=${petition.kind}]`).check();
  await page.locator("input[name=title]").fill(petition.title);
  await page.locator("textarea[name=body]").fill(petition.body);
  if (petition.photos > 0) {
    const files = Array.from({ length: petition.photos }, (_, i) => ({ name: `anh-${i + 1}.jpg`, mimeType: "image/jpeg", buffer: photo() }));
    await page.locator("input[name=papers]").setInputFiles(files);
  }
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page).toHaveURL(/\/gui\/o-dau$/);
  await page.locator("select[name=area]").selectOption("01969");
  await page.locator("input[name=place]").fill("thôn Nà Món, cạnh cầu");
  await page.locator("input[name=name]").fill(petition.name);
  // The law wants to know where the sender of these lives.
  if (["complaint", "denunciation", "administrative_rule"].includes(petition.kind)) {
    await page.locator("input[name=address]").fill("thôn Nà Món, xã Phủ Thông");
  }
  if (petition.kind === "administrative_rule") await page.locator("input[name=phone]").fill("0912 345 678");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page).toHaveURL(/\/gui\/kiem-tra$/);
}

/** Sends and reads the code from the receipt. */
export async function send(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Gửi đơn" }).last().click();
  await expect(page).toHaveURL(/\/gui\/da-gui$/);
  const code = await page.locator(".code-big").innerText();
  return code.replace(/\s+/g, " ").trim();
}

/** Opens the case of a code. */
export async function follow(page: Page, code: string): Promise<void> {
  await page.goto("/tra-cuu");
  await page.locator("input[name=code]").fill(code);
  await page.getByRole("button", { name: "Mở đơn" }).click();
  await expect(page).toHaveURL(/\/tra-cuu\/don/);
}

/** Signs in; `who` is the first half of a demo login of Phủ Thông. */
export async function signIn(page: Page, who: string): Promise<void> {
  await signInAs(page, `${who}.phuthong`);
}

/** Signs in with a whole demo login; `url` is the portal's, where the page does not know it. */
export async function signInAs(page: Page, login: string, url = ""): Promise<void> {
  await page.goto(`${url}/dang-nhap`);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("main").getByRole("button", { name: "Đăng nhập", exact: true }).click();
  await expect(page).toHaveURL(/\/can-bo/);
}

/** Somebody at their desk, in a browser of their own; `login` is a whole demo login, `url` the portal's. */
export async function desk(browser: Browser, info: TestInfo, url: string, login: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: info.project.use.viewport ?? null,
    javaScriptEnabled: info.project.use.javaScriptEnabled ?? true,
  });
  const page = await context.newPage();
  await signInAs(page, login);
  return page;
}

/** Finds a case by its title in the queue, in one of its groups, and opens it. */
export async function openCase(page: Page, title: string, group = ""): Promise<void> {
  await page.goto(`/can-bo?q=${encodeURIComponent(title)}${group ? `&phan=${group}` : ""}`);
  await page.locator(".queue a.item", { hasText: title }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
}

/** Intake receives the open case and gives it to a handler; `unit` chooses another unit than the one the words propose. */
export async function receiveAndGive(page: Page, unit?: string): Promise<void> {
  await page.getByRole("button", { name: "Tiếp nhận" }).click();
  await expect(page.locator(".flash")).toContainText("Đã tiếp nhận");
  await unfold(page, "giao");
  const form = page.locator("#buoc-giao");
  if (unit !== undefined) await form.locator("select[name=unit]").selectOption(unit);
  await form.locator("select[name=handler]").selectOption({ index: 1 });
  await form.getByRole("button", { name: "Giao đơn" }).click();
  await expect(page.locator(".flash")).toContainText("Đã giao");
}

/** Unfolds a step of the open case, unless it is unfolded. */
export async function unfold(page: Page, step: string): Promise<void> {
  const details = page.locator(`details#buoc-${step}`);
  if ((await details.getAttribute("open")) === null) await details.locator("summary").first().click();
}
