// "/" leads to the search of the page, as long as nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector('form[role="search"] input[type="search"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
