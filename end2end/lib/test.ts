// What every journey starts from: `import { expect, test } from "../lib/test"`.
//
// - `server` is the worker's own portal, and pages open relative to it: `await page.goto("/gui")`;
// - a test fails on any error in the browser's console, unless it named it with `expectedErrors.push(/…/)`;
// - `shot(page, name)` keeps pictures in shots/, light and dark, if asked to (`cargo xtask test --pictures`);
// - `axe(page)` fails on anything that shuts out people with a disability.
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, type ConsoleMessage, type Page, type TestInfo, test as base } from "@playwright/test";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Server } from "./server";

export { expect } from "@playwright/test";

const shots = join(dirname(fileURLToPath(import.meta.url)), "../shots");
/** A picture of every page twice takes a third of the time of all journeys, so only who wants to look takes them. */
const TAKES_PICTURES = Boolean(process.env["NGHEDAN_PICTURES"]);
/** What is in order need not be described, and without frames (no page has one) no second page is needed to gather the results: a third of the time. */
const AXE_OPTIONS: Parameters<AxeBuilder["options"]>[0] = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  resultTypes: ["violations"],
};

type TestFixtures = {
  /** Patterns of console errors that this test provokes on purpose. */
  expectedErrors: RegExp[];
  /** Whether this run has scripts in the browser. */
  withScripts: boolean;
  /** Saves the page's picture as shots/<project>-<name>-{light,dark}.png, if pictures are wanted. */
  shot: (page: Page, name: string) => Promise<void>;
  /** Fails the test with a list if axe finds anything on the page. */
  axe: (page: Page) => Promise<void>;
  noErrors: void;
};

type WorkerFixtures = { server: Server };

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  baseURL: async ({ server }, use) => {
    await use(server.url);
  },

  withScripts: async ({ javaScriptEnabled }, use) => {
    await use(javaScriptEnabled ?? true);
  },

  expectedErrors: async ({}, use) => {
    await use([]);
  },

  noErrors: [
    async ({ context, expectedErrors }, use) => {
      const errors = watchErrors(context);
      await use();
      const unexpected = errors.filter((error) => !expectedErrors.some((pattern) => pattern.test(error)));
      if (unexpected.length > 0) throw new Error(`errors in the browser:\n${unexpected.join("\n")}`);
    },
    { auto: true },
  ],

  shot: async ({}, use, info) => {
    await use(async (page, name) => {
      if (!TAKES_PICTURES) return;
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const path = join(shots, `${info.project.name}-${name}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true, animations: "disabled" });
      }
      await page.emulateMedia({ colorScheme: null });
    });
  },

  axe: async ({ browser, withScripts }, use) => {
    await use(async (page) => {
      const found = withScripts ? await findBarriers(page) : await onCopy(browser, page, findBarriers);
      if (found.length > 0) throw new Error(`axe finds on ${page.url()}:\n${found.join("\n")}`);
    });
  },
});

/** Keeps a file that a page gave out beside the pictures, if pictures are wanted. */
export async function keep(info: TestInfo, name: string, bytes: Buffer): Promise<void> {
  if (TAKES_PICTURES) await writeFile(join(shots, `${info.project.name}-${name}`), bytes);
}

/** What axe has against the page, one text for each rule. */
async function findBarriers(page: Page): Promise<string[]> {
  // Bars that stay while the page scrolls cover half of whatever lies under them just then, and axe takes that for a target too small.
  const placeBars = (position: string) =>
    page.evaluate((position) => {
      for (const bar of document.querySelectorAll<HTMLElement>(".queue .filters, .tabs, .sticky-action")) bar.style.position = position;
    }, position);
  await placeBars("static");
  const { violations } = await new AxeBuilder({ page }).options(AXE_OPTIONS).setLegacyMode().analyze();
  await placeBars("");
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.map((node) => `    ${node.target.join(" ")}: ${node.html}`);
    return [`${id}: ${help}`, ...places].join("\n");
  });
}

/** axe itself needs scripts: where they are off it gets a copy of the page, on which only its own may run. */
async function onCopy<T>(browser: Browser, page: Page, work: (copy: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: page.viewportSize(), javaScriptEnabled: true });
  try {
    const body = await page.content();
    const copy = await context.newPage();
    const headers = { "content-security-policy": "script-src 'none'" };
    await copy.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", headers, body }));
    await copy.goto(page.url());
    return await work(copy);
  } finally {
    await context.close();
  }
}

/** Collects what goes wrong in any page of the context. */
function watchErrors(context: BrowserContext): string[] {
  const errors: string[] = [];
  const visited = new Set<string>();
  context.on("request", (request) => {
    if (request.isNavigationRequest()) visited.add(request.url());
  });
  context.on("console", (message) => {
    if (message.type() === "error" && !isStatusOfPage(message, visited)) {
      errors.push(`${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
  return errors;
}

/**
 * Chromium logs every page with a status of 400 or more as an error. For a form shown again (422) or a page that is not
 * there (404) the status is right, and the journey checks it itself. For scripts, styles and pictures it stays an error.
 */
function isStatusOfPage(message: ConsoleMessage, visited: Set<string>): boolean {
  return message.text().startsWith("Failed to load resource") && visited.has(message.location().url);
}
