/** The inside of a map popup: a heading and pairs of name and value, all as text. */
export function factPopup(heading: string, facts: readonly [string, string][]): HTMLElement {
  const box = document.createElement("div");
  box.className = "kk-popup";
  const title = document.createElement("h3");
  title.textContent = heading;
  const list = document.createElement("dl");
  for (const [name, value] of facts) {
    const term = document.createElement("dt");
    term.textContent = name;
    const description = document.createElement("dd");
    description.textContent = value;
    list.append(term, description);
  }
  box.append(title, list);
  return box;
}
