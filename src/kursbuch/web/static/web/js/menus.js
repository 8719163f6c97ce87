/* Closes an open menu of the header on Escape and on a click beside it. It opens without JavaScript. */
"use strict";

(function () {
  const menus = () => document.querySelectorAll(".site-header details[open]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
})();
