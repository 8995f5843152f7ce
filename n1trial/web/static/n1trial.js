// The form of a plan: each slider and its number box are one field, and what is edited goes out together.
"use strict";

(() => {
  const DELAY_MS = 60;
  let edits = {};
  let timer = null;

  const fieldOf = (element) => element.closest("[data-key]");
  const fieldNamed = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

  function send(form) {
    timer = null;
    Shiny.setInputValue(form.dataset.edits, edits, { priority: "event" });
    edits = {};
  }

  function edited(event) {
    const field = fieldOf(event.target);
    if (!field) return;
    const [box, slider] = [field.querySelector(".box"), field.querySelector(".slider")];
    if (event.target === slider) box.value = slider.value;
    if (event.target === box && slider && box.value.trim() !== "" && isFinite(box.value)) slider.value = box.value;
    edits[field.dataset.key] = box.type === "checkbox" ? String(box.checked) : box.value;
    clearTimeout(timer);
    timer = setTimeout(send, DELAY_MS, field.closest("[data-edits]"));
  }
  document.addEventListener("input", edited);

  // Faults stand beside their field, in the words of the command line.
  function showFaults(faults) {
    for (const place of document.querySelectorAll("[data-key] .fault")) {
      const field = fieldOf(place);
      const told = faults[field.dataset.key] ?? "";
      place.textContent = told;
      field.querySelector(".box").setAttribute("aria-invalid", String(told !== ""));
      if (told !== "") field.closest("details")?.setAttribute("open", "");
    }
  }

  // Values that follow others, as defaults do.
  function showValues(values) {
    for (const [key, text] of Object.entries(values)) {
      const field = fieldNamed(key);
      if (!field) continue;
      const [box, slider] = [field.querySelector(".box"), field.querySelector(".slider")];
      if (document.activeElement === box || document.activeElement === slider) continue;
      if (box.type === "checkbox") box.checked = text === "true";
      else box.value = text;
      if (slider) slider.value = text;
    }
  }

  const listen = () => {
    Shiny.addCustomMessageHandler("n1trial-faults", showFaults);
    Shiny.addCustomMessageHandler("n1trial-values", showValues);
  };
  if (window.Shiny?.addCustomMessageHandler) listen();
  else document.addEventListener("shiny:connected", listen, { once: true });
})();
