// Every journey runs four times: with scripts and without, on a phone and on a desktop. The longest ones, which go through whole procedures
// of the law, run twice: on a phone without scripts and on a desktop with them. Their kinds of page are visited by others four times.
// There is no `webServer`: each worker starts a portal of its own, see lib/server.ts.
import { defineConfig } from "@playwright/test";

const scripts = { "js-on": true, "js-off": false };
const long = ["official/law", "official/dialogues", "official/own-letters", "official/periods", "official/trust", "official/identity", "official/second", "citizen/attendance", "citizen/own-data", "citizen/questions"].map((name) => `${name}.spec.ts`);
// Brings its own browsers with it, phones with and without scripts among them: once is enough.
const once = ["official/live.spec.ts"];
const screens = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

export default defineConfig({
  testDir: ".",
  testMatch: ["citizen/**/*.spec.ts", "official/**/*.spec.ts", "public/**/*.spec.ts"],
  outputDir: "test-results",
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: "line",
  timeout: 180_000,
  expect: { timeout: 10_000 },
  use: {
    // What cannot be pressed for so long is not there: the test says so instead of using up its whole time.
    actionTimeout: 20_000,
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: Object.entries(scripts).flatMap(([scriptsName, javaScriptEnabled]) =>
    Object.entries(screens).map(([screenName, viewport]) => ({
      name: `${scriptsName}-${screenName}`,
      testIgnore: [
        ...(javaScriptEnabled === (screenName === "desktop") ? [] : long),
        ...(javaScriptEnabled && screenName === "desktop" ? [] : once),
      ],
      use: { javaScriptEnabled, viewport, hasTouch: screenName === "phone" },
    })),
  ),
});
