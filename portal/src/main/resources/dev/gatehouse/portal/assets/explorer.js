// Scalar on our descriptions: nothing leaves this origin. Calls go to /try, which the portal passes on under a test key.
const place = document.getElementById("explorer");
const sources = place.dataset.apis.split(";").filter(Boolean).map((entry) => {
  const [name, title] = entry.split("|");
  return { slug: name, title, url: `/reference/descriptions/${name}` };
});
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
Scalar.createApiReference("#explorer", {
  sources,
  theme: "none",
  layout: "modern",
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  hideDarkModeToggle: false,
  darkMode: (localStorage.getItem("theme") ?? (dark ? "dark" : "light")) === "dark",
  showDeveloperTools: "never",
  showToolbar: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
  documentDownloadType: "none",
  persistAuth: false,
});
