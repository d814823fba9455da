// Sets theme and language before the first paint; a file of its own because the CSP allows no inline script.
(() => {
  let saved = {};
  try {
    saved = JSON.parse(localStorage.getItem("qbtc.prefs") || "{}").state || {};
  } catch {
    saved = {};
  }
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = saved.theme && saved.theme !== "system" ? saved.theme : dark ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.updown = saved.updown || "teal";
  document.documentElement.lang = saved.language || (navigator.language.startsWith("es") ? "es" : "en");
})();
