// The step that a burst from a shared address leads to: the petition goes on by itself, or by a button after a short wait.
import { fillIn } from "../lib/steps";
import { Server } from "../lib/server";
import { expect, test } from "../lib/test";

/** So many petitions from one address need no step (`Class::Filing` in app/src/limits/table.rs). */
const FREE = 60;
const petition = { kind: "report", title: "Nước ngập cả xóm", body: "Cả xóm cùng gửi một lúc.", name: "", photos: 0 };

test("sending in the middle of a burst loses nothing and gets there", async ({ page, playwright, withScripts, shot, axe }) => {
  const server = await Server.start({ NGHEDAN_DEMO_CASES: "0", NGHEDAN_UNLIMITED_FROM: "192.0.2.1" });
  try {
    await fillIn(page, petition, server.url);
    const others = await playwright.request.newContext({ extraHTTPHeaders: { "sec-fetch-site": "same-origin" } });
    for (let n = 0; n < FREE; n++) {
      const answer = await others.post(`${server.url}/gui/kiem-tra`, { form: {}, maxRedirects: 0 });
      expect(answer.status()).toBe(303);
    }
    await others.dispose();
    await page.getByRole("button", { name: "Gửi đơn" }).last().click();
    if (withScripts) {
      // The work takes a moment; then the form goes on by itself.
      await expect(page).toHaveURL(/\/gui\/da-gui$/, { timeout: 60_000 });
    } else {
      await expect(page.getByRole("heading", { name: "Xin chờ một chút" })).toBeVisible();
      await shot(page, "11-step");
      await axe(page);
      await expect(async () => {
        await page.getByRole("button", { name: "Tiếp tục" }).click();
        await expect(page).toHaveURL(/\/gui\/da-gui$/, { timeout: 1_000 });
      }).toPass({ timeout: 60_000 });
    }
    await expect(page.locator(".code-big")).toBeVisible();
  } finally {
    await server.stop();
  }
});
