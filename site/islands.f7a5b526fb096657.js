const islands = document.querySelectorAll("leptos-island");
const wake = async () => {
  const wasm = fetch(new URL("./app_bg.a97661797a0326f6.wasm", import.meta.url));
  const app = await import("./app.a2caf7bdbe98e64c.js");
  await app.default({ module_or_path: wasm });
  app.hydrate();
  for (const island of islands) {
    if (!island.isConnected) continue;
    island.closest("leptos-children")?.$$on_hydrate?.();
    await app[island.dataset.component](island);
  }
};
if (islands.length > 0) wake();
