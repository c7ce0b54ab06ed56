// Makes the pictures in docs/screens again, from the sample courses: a phone and a desktop, light and dark.
//
//   cargo build -p ldn && node crates/ldn-server/tests/browser/screens.mjs
//
// LDN_BIN and LDN_CHROMIUM as for the tests; the first argument is another folder.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Sample, open, openChromium, signIn, visitor } from "./pages_support.mjs";

const FOLDER = process.argv[2] ?? fileURLToPath(new URL("../../../../docs/screens", import.meta.url));
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const PAGES = ["today", "plan", "charts", "verdict", "card", "instruments"];

mkdirSync(FOLDER, { recursive: true });
const sample = await Sample.start();
const browser = await openChromium();
for (const [device, size] of Object.entries(SIZES)) {
  for (const theme of ["light", "dark"]) {
    const { context, page } = await visitor(browser, sample, { theme, ...size });
    await signIn(page, sample, "ana");
    for (const name of PAGES) {
      await open(page, `${sample.origin}/${name}`);
      const path = join(FOLDER, `${name}-${device}-${theme}.png`);
      await page.screenshot({ path, animations: "disabled" });
      console.log(path);
    }
    await context.close();
  }
}
await browser.close();
await sample.end();
