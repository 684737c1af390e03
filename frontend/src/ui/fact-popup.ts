/** The inside of a map popup: a heading and pairs of name and value, all as text, and where to go on from there. */
export function factPopup(
  heading: string,
  facts: readonly [string, string][],
  more?: { text: string; go: (from: HTMLElement) => void },
): HTMLElement {
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
  if (more) {
    const button = document.createElement("button");
    button.className = "kk-more";
    button.textContent = more.text;
    button.addEventListener("click", () => more.go(box));
    box.append(button);
  }
  return box;
}
