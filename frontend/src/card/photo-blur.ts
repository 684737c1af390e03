import { css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { type Box, boxOf, pixelate } from "./blur.ts";

/** As large as a photograph is kept. */
const LONGEST_PX = 1600;
const QUALITY = 0.9;
const LEAST_PX = 8;
const STEP = 0.02;
const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** A photograph before it is sent: faces and number plates are made unrecognisable here, on the device itself. */
@customElement("kk-photo-blur")
export class KkPhotoBlur extends KkElement {
  @state() private box: Box | null = null;
  @state() private past: ImageData[] = [];
  @state() private isUnreadable = false;
  @state() private isOpen = false;
  @query("canvas") private canvas!: HTMLCanvasElement | null;
  #from: [number, number] | null = null;
  #bitmap: ImageBitmap | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .frame {
        position: relative;
        line-height: 0;
      }
      canvas {
        width: 100%;
        height: auto;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
        cursor: crosshair;
        touch-action: none;
      }
      .box {
        position: absolute;
        border: 2px dashed #fff;
        outline: 2px dashed #000;
        pointer-events: none;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 6px;
      }
    `,
  ];

  /** The picture as it is to be sent: drawn anew, with what was covered gone; null where nothing was changed. */
  async blob(): Promise<Blob | null> {
    // A box that still waits for Enter was meant too.
    if (this.box) this.#cover();
    const { canvas } = this;
    if (!canvas || !this.past.length) return null;
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  }

  async open(file: Blob | null): Promise<void> {
    this.past = [];
    this.box = this.#from = null;
    this.isUnreadable = false;
    this.#bitmap?.close();
    this.#bitmap = null;
    this.isOpen = file !== null && file.size > 0;
    if (!this.isOpen) return;
    try {
      this.#bitmap = await createImageBitmap(file!, { imageOrientation: "from-image" });
    } catch {
      this.isUnreadable = true;
      this.isOpen = false;
      return;
    }
    await this.updateComplete;
    const { canvas } = this;
    if (!canvas) return;
    const { width, height } = this.#bitmap;
    const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d")?.drawImage(this.#bitmap, 0, 0, canvas.width, canvas.height);
  }

  #at(event: PointerEvent): [number, number] {
    const canvas = this.canvas!;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [
      ((event.clientX - left) / width) * canvas.width,
      ((event.clientY - top) / height) * canvas.height,
    ];
  }

  #begin(event: PointerEvent): void {
    this.#from = this.#at(event);
    this.canvas?.setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    const canvas = this.canvas!;
    if (this.#from) this.box = boxOf(this.#from, this.#at(event), canvas.width, canvas.height);
  }

  #end(): void {
    this.#from = null;
    this.#cover();
  }

  #cover(): void {
    const { box, canvas } = this;
    this.box = null;
    const context = canvas?.getContext("2d");
    if (!box || !context || box.width < LEAST_PX || box.height < LEAST_PX) return;
    const image = context.getImageData(0, 0, canvas!.width, canvas!.height);
    this.past = [...this.past, new ImageData(image.data.slice(), image.width, image.height)];
    pixelate(image.data, image.width, box);
    context.putImageData(image, 0, 0);
  }

  #undo(): void {
    const last = this.past.at(-1);
    if (!last) return;
    this.canvas?.getContext("2d")?.putImageData(last, 0, 0);
    this.past = this.past.slice(0, -1);
  }

  /** A part in the middle, for whoever has no pointer. */
  #middle(): void {
    const { width, height } = this.canvas!;
    this.box = boxOf([0.4 * width, 0.4 * height], [0.6 * width, 0.6 * height], width, height);
    this.canvas?.focus();
  }

  #key(event: KeyboardEvent): void {
    const { box } = this;
    const canvas = this.canvas!;
    if (!box) return;
    const move = MOVES[event.key];
    if (move) {
      const [across, down] = [move[0] * canvas.width, move[1] * canvas.height];
      const { x, y, width, height } = box;
      this.box = event.shiftKey
        ? boxOf(
            [x, y],
            [x + Math.max(LEAST_PX, width + across), y + Math.max(LEAST_PX, height + down)],
            canvas.width,
            canvas.height,
          )
        : boxOf([x + across, y + down], [x + across + width, y + down + height], canvas.width, canvas.height);
    } else if (event.key === "Enter") this.#cover();
    else if (event.key === "Escape") this.box = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #outline() {
    const { box, canvas } = this;
    if (!box || !canvas) return nothing;
    const across = (value: number) => `${(100 * value) / canvas.width}%`;
    const down = (value: number) => `${(100 * value) / canvas.height}%`;
    return html`<div class="box" style="left:${across(box.x)};top:${down(box.y)};width:${across(box.width)};height:${down(box.height)}"></div>`;
  }

  protected override render() {
    if (this.isUnreadable) return html`<p class="small">${t("blur.unreadable")}</p>`;
    if (!this.isOpen) return nothing;
    return html`<p class="small" id="how">${t("blur.how")}</p>
      <div class="frame">
        <canvas tabindex="0" role="application" aria-label=${t("blur.picture")} aria-describedby="how"
          @pointerdown=${this.#begin} @pointermove=${this.#drag} @pointerup=${this.#end} @keydown=${this.#key}></canvas>
        ${this.#outline()}
      </div>
      <div class="bar">
        <button type="button" class="button" @click=${this.#middle}>${icon("plus", 16)} ${t("blur.add")}</button>
        <button type="button" class="button" ?disabled=${!this.past.length} @click=${this.#undo}>${icon("reset", 16)} ${t("blur.undo", { n: this.past.length })}</button>
      </div>`;
  }
}
