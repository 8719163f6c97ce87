/* Lights up all words of one origin, and its entry in the list, when one of them is pointed at or focused. */
"use strict";

(function () {
  function light(event, on) {
    const run = event.target.closest && event.target.closest("[data-origin]");
    if (!run) return;
    const scope = run.closest("[data-origins]") || document;
    scope.querySelectorAll(`[data-origin="${CSS.escape(run.dataset.origin)}"]`).forEach((part) => {
      part.classList.toggle("is-lit", on);
    });
  }

  document.addEventListener("mouseover", (event) => light(event, true));
  document.addEventListener("mouseout", (event) => light(event, false));
  document.addEventListener("focusin", (event) => light(event, true));
  document.addEventListener("focusout", (event) => light(event, false));
})();
