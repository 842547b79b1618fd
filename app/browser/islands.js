// Wakes the islands of a page: the few parts that are more than plain HTML. Pages without islands load none of this.
// A file of its own instead of leptos's inline script, so that pages stay the same at every request and need no nonce.
// `cargo xtask assets` puts the names with their hashes in the place of ./app.js and ./app_bg.wasm.
const islands = document.querySelectorAll("leptos-island");
const wake = async () => {
  const wasm = fetch(new URL("./app_bg.wasm", import.meta.url));
  const app = await import("./app.js");
  await app.default({ module_or_path: wasm });
  app.hydrate();
  // In the order of the page, so an outer island comes before those in its children and can hand them its context, or drop them.
  for (const island of islands) {
    if (!island.isConnected) continue;
    island.closest("leptos-children")?.$$on_hydrate?.();
    await app[island.dataset.component](island);
  }
};
if (islands.length > 0) wake();
