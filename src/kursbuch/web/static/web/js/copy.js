/* Copies a text: <button data-copy="#target" data-copied="Copied" hidden>. Shown only where it works. */
"use strict";

(function () {
  if (!navigator.clipboard) return;

  function text(button) {
    const target = document.querySelector(button.dataset.copy);
    return target ? target.value || target.textContent.trim() : "";
  }

  function reveal(root) {
    root.querySelectorAll("button[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(text(button));
    const label = button.querySelector(".kern-label") || button;
    const before = label.textContent;
    label.textContent = button.dataset.copied || before;
    setTimeout(() => { label.textContent = before; }, 2000);
  });

  document.addEventListener("htmx:load", (event) => reveal(event.target));
  reveal(document);
})();
