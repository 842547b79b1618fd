// Where a petition should go and why, whom it is about, and the bench where rules are tried before they change anything.
import { Server } from "../lib/server";
import { fillIn, openCase, send, signIn, signInAs, unfold } from "../lib/steps";
import { expect, test } from "../lib/test";

test("intake is told where a petition should go, and whoever it is about no longer finds it", async ({ page, shot, axe }) => {
  const title = "Mặt đường vào bến đầy ổ gà";
  await fillIn(page, { kind: "report", title, body: "Cán bộ phòng hẹn sửa nhiều lần không làm.", name: "Hoàng Văn Mẫu", photos: 0 });
  await send(page);
  await signIn(page, "tiepnhan");
  await openCase(page, title);
  await page.getByRole("button", { name: "Tiếp nhận" }).click();
  await unfold(page, "giao");
  await expect(page.locator("#buoc-giao .notice")).toContainText("vì có chữ “ổ gà”");
  await expect(page.locator("#unit option:checked")).toContainText("Phòng Kinh tế");
  await axe(page);
  await shot(page, "routing-proposal");
  await unfold(page, "nguoi-bi-neu");
  const form = page.locator("#buoc-nguoi-bi-neu");
  await form.getByRole("button", { name: "Ghi lại" }).click();
  await expect(page.locator("#errors li")).toHaveCount(2);
  await axe(page);
  await shot(page, "routing-bar");
  await form.locator("select[name=bar_unit]").selectOption({ label: "Phòng Kinh tế xã Phủ Thông" });
  await form.locator("textarea[name=bar_reason]").fill("Đơn nêu người của phòng.");
  await form.getByRole("button", { name: "Ghi lại" }).click();
  await expect(page.locator("#nguoi-bi-neu")).toContainText("cả Phòng Kinh tế xã Phủ Thông");
  await expect(page.locator("#unit option")).not.toContainText(["Phòng Kinh tế xã Phủ Thông"]);
  await axe(page);
  await shot(page, "routing-barred");
});

test("a denunciation of a head is proposed for the authority above, and the sender may choose", async ({ page, shot, axe }) => {
  await page.goto("/gui");
  await page.locator("input[name=kind][value=denunciation]").check();
  await page.locator("input[name=title]").fill("Chủ tịch xã lấn đất công");
  await page.locator("textarea[name=body]").fill("Việc từ tháng trước.");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await page.locator("select[name=area]").selectOption("01969");
  await page.locator("input[name=about]").fill("Ông Lê Văn X, Chủ tịch xã");
  await page.locator("select[name=about_who]").selectOption("head.commune");
  await page.locator("input[name=name]").fill("Hoàng Văn Mẫu");
  await page.locator("input[name=address]").fill("thôn Nà Món");
  await axe(page);
  await shot(page, "routing-whom");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page.locator("#noi-nhan")).toContainText("Ủy ban nhân dân tỉnh Thái Nguyên");
  await axe(page);
  await shot(page, "routing-recipient");
  await page.locator("#noi-nhan a").click();
  await page.locator("details", { hasText: "Muốn tự chọn nơi nhận?" }).locator("summary").click();
  await page.locator("select[name=send_to]").selectOption("commune");
  await page.getByRole("button", { name: "Tiếp tục" }).last().click();
  await expect(page.locator("#noi-nhan")).toContainText("Ủy ban nhân dân xã Phủ Thông");
});

test("a rule is tried, seen over the last month, added and ended", async ({ page, shot, axe }) => {
  const server = await Server.start();
  try {
    await signInAs(page, "quantri.tinh", server.url);
    await page.goto(`${server.url}/can-bo/quy-tac`);
    await axe(page);
    await shot(page, "routing-bench");
    const trial = page.locator("#thu");
    await trial.locator("input[name=title]").fill("Đèn đường tổ 5 không sáng");
    await trial.locator("select[name=kind]").selectOption("complaint");
    await trial.locator("select[name=area]").selectOption("01969");
    await trial.locator("select[name=contested]").selectOption({ label: "Ủy ban nhân dân xã Phủ Thông" });
    await trial.getByRole("button", { name: "Thử" }).click();
    await expect(page.locator("#ket-qua")).toContainText("Phòng Kinh tế xã Phủ Thông");
    await expect(page.locator("#ket-qua")).toContainText("Khiếu nại lần hai: Ủy ban nhân dân tỉnh Thái Nguyên");
    await axe(page);
    await shot(page, "routing-tried");
    const rule = page.locator("#them");
    await rule.locator("select[name=subject]").selectOption("roads");
    await rule.locator("select[name=target]").selectOption("commune.VHXH");
    await rule.locator("input[name=note]").fill("xã giao cho phòng này");
    await rule.locator("input[name=source]").fill("Quyết định 45/QĐ-UBND");
    await rule.locator("input[name=valid_from]").fill(new Date(Date.now() + 7 * 3600 * 1000).toISOString().slice(0, 10));
    await rule.getByRole("button", { name: "Xem nếu đổi thì sao" }).click();
    await expect(page.locator("#ket-qua")).toContainText("đơn nhận trong 30 ngày qua");
    await expect(page.locator("#ket-qua a")).toHaveCount(0);
    await axe(page);
    await shot(page, "routing-replayed");
    await page.locator("#them").getByRole("button", { name: "Thêm quy tắc" }).click();
    await expect(page.locator("#quy-tac")).toContainText("Quyết định 45/QĐ-UBND");
    await page.locator("#quy-tac a").last().click();
    await axe(page);
    await page.locator("#ket-thuc").getByRole("button", { name: "Kết thúc quy tắc" }).click();
    await expect(page.locator("#quy-tac")).toContainText("kết thúc");
  } finally {
    await server.stop();
  }
});
