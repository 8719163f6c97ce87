/* Says so when a part of the page could not be loaded; the link or form still works without htmx. */
"use strict";

(function () {
  function tell() {
    const toast = document.getElementById("failure");
    if (toast) toast.hidden = false;
  }

  document.addEventListener("htmx:responseError", tell);
  document.addEventListener("htmx:sendError", tell);
  document.addEventListener("htmx:beforeRequest", () => {
    const toast = document.getElementById("failure");
    if (toast) toast.hidden = true;
  });
})();
